"""Networks of uint8, as TensorFlow made them in 2018, become networks of int8 that compute the same.

Every activation is 128 less, and so is its zero point: differences from the zero point stay, and so does all that is
computed of them. What differs from int8 is told by attributes: weights have a zero point; scales of input and weights
are multiplied in float32 (`kernels/kernel_util.cc`, GetQuantizedConvolutionMultipler); means and pixels in between
round halves up (`kernels/internal/reference/pooling.h`, `resize_bilinear.h`); LOGISTIC and TANH are tables of float32
(`kernels/activations.cc`); CONCATENATION requantizes (`kernels/internal/reference/concatenation.h`). tflite-micro has
no uint8: LiteRT's reference kernels are the oracle.
"""

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node, Tensor
from depthwise.codegen.operators import (
    Add,
    ArgMax,
    AveragePool2D,
    BatchToSpaceNd,
    Concatenation,
    Conv2D,
    DepthToSpace,
    DepthwiseConv2D,
    Dequantize,
    ExpandDims,
    FullyConnected,
    Gather,
    HardSwish,
    LeakyRelu,
    Logistic,
    LogSoftmax,
    Maximum,
    MaxPool2D,
    Mean,
    Minimum,
    MirrorPad,
    Mul,
    Pack,
    Pad,
    Quantize,
    ReduceMax,
    ReduceMin,
    Relu,
    Relu6,
    ReluN1To1,
    Reshape,
    ResizeBilinear,
    ResizeNearestNeighbor,
    ReverseV2,
    Slice,
    Softmax,
    SpaceToBatchNd,
    SpaceToDepth,
    Split,
    SplitV,
    Squeeze,
    StridedSlice,
    Sub,
    Sum,
    Table,
    Tanh,
    Tile,
    Transpose,
    Unpack,
)
from depthwise.codegen.operators.parts.hints import CONVERT
from depthwise.codegen.operators.parts.quantization import quantization_of
from depthwise.codegen.operators.resize_bilinear import is_exact_in_float32

from .levels import away_from_zero
from .unsigned_weights import SHIFT, as_layers, as_matrix

WEIGHTED: Final = (Conv2D, DepthwiseConv2D, FullyConnected)
OTHERWISE: Final = (AveragePool2D, Concatenation, Logistic, Relu6, ResizeBilinear, Tanh, *WEIGHTED)
SAME_IN_INT8: Final = (
    *(Add, ArgMax, Dequantize, HardSwish, LeakyRelu, LogSoftmax, Maximum, MaxPool2D, Mean, Minimum, Mul, Quantize),
    *(ReduceMax, ReduceMin, Relu, ReluN1To1, Softmax, Sub, Sum, Table),
    *(BatchToSpaceNd, DepthToSpace, ExpandDims, Gather, MirrorPad, Pack, Pad, Reshape),
    *(ResizeNearestNeighbor, ReverseV2, Slice, SpaceToBatchNd, SpaceToDepth, Split, SplitV, Squeeze, StridedSlice),
    *(Tile, Transpose, Unpack),
)


def signed(graph: Graph) -> Graph:
    """The graph with int8 in place of uint8, but at ends that QUANTIZE alone joins; a note says so.

    Raises UnsupportedError for a layer that computes in uint8 otherwise than in int8.
    """
    ends = {i for i in (*graph.inputs, *graph.outputs) if all(isinstance(n.op, Quantize) for n in _at(graph, i))}
    shifted = {t.index for t in graph.tensors if t.dtype is DType.UINT8 and t.data is None} - ends
    if not shifted:
        return graph
    note = _note(graph, shifted)
    shifted |= _operands(graph, shifted)
    tensors = [_shifted(t) if t.index in shifted else t for t in graph.tensors]
    nodes = list[Node]()
    for node in graph.nodes:
        nodes += _signed(graph, node, tensors) if shifted & {*node.inputs, node.output} else [node]
    return replace(graph, tensors=tuple(tensors), nodes=tuple(nodes), notes=(*graph.notes, note))


def _at(graph: Graph, tensor: int) -> Iterable[Node]:
    return (n for n in graph.nodes if tensor in (*n.inputs, n.output))


def _operands(graph: Graph, shifted: Set[int]) -> set[int]:
    """Constants that activations are joined with: they are no weights."""
    joining = (n for n in graph.nodes if shifted & {*n.inputs, n.output} and not isinstance(n.op, WEIGHTED))
    operands = (t for n in joining for t in graph.inputs_of(n))
    return {t.index for t in operands if t.data is not None and t.dtype is DType.UINT8}


def _note(graph: Graph, shifted: set[int]) -> str:
    outside = ", of the input and the output too" if shifted & {*graph.inputs, *graph.outputs} else ""
    return f"uint8 tensors are read as int8: values are {SHIFT} less{outside}"


def _shifted(tensor: Tensor) -> Tensor:
    q, data = tensor.quantization, tensor.data
    lower = None if q is None else replace(q, zero_points=tuple(z - SHIFT for z in q.zero_points))
    if data is not None:
        data = (data.astype(np.int16) - SHIFT).astype(np.int8)
        data.setflags(write=False)
    return replace(tensor, dtype=DType.INT8, quantization=lower, data=data)


def _signed(graph: Graph, node: Node, tensors: list[Tensor]) -> list[Node]:
    """The node on int8, or nodes in its place; new tensors are appended."""
    match node.op:
        case AveragePool2D():
            return [replace(node, op=replace(node.op, halves_up=True))]
        case Logistic() | Tanh():
            return [replace(node, op=replace(node.op, in_float32=True))]
        case ResizeBilinear() if is_exact_in_float32(graph, node):
            return [replace(node, op=replace(node.op, halves_up=True))]
        case Relu6() if graph.inputs_of(node)[0].quantization == graph.output_of(node).quantization:
            return [node]
        case Conv2D() | DepthwiseConv2D():
            return [as_layers(graph, node, node.op, tensors)]
        case Concatenation():
            return _concatenated(graph, node, tensors)
        case FullyConnected():
            return as_matrix(graph, node, node.op, tensors)
        case op if isinstance(op, SAME_IN_INT8):
            return [node]
    raise UnsupportedError(f"{node} computes in uint8 otherwise than in int8", CONVERT)


def _concatenated(graph: Graph, node: Node, tensors: list[Tensor]) -> list[Node]:
    """What is of another quantization than the output becomes a table of float32 arithmetic in front of it."""
    made, reads, out = list[Node](), list[int](), tensors[node.output]
    for index in node.inputs:
        given = tensors[index]
        if given.quantization == out.quantization or given.dtype is not DType.INT8:
            reads.append(index)
            continue
        table = _requantized(graph.tensors[index], graph.output_of(node))
        data = None if given.data is None else table.astype(np.int8)[given.data.astype(np.intp) + SHIFT]
        reads.append(len(tensors))
        tensors.append(replace(given, index=len(tensors), quantization=out.quantization, data=data))
        if data is None:
            made.append(Node(node.layer, Table(tuple(table.tolist())), (index,), reads[-1]))
    return [*made, replace(node, inputs=tuple(reads))]


def _requantized(source: Tensor, target: Tensor) -> Int64:
    """Every uint8 value as one of another quantization, both 128 less."""
    before, after = quantization_of(source), quantization_of(target)
    scale = np.float32(before.scale) * (np.float32(1) / np.float32(after.scale))
    steps = np.arange(256, dtype=np.float32) * scale + np.float32(-before.zero_point) * scale
    rounded = away_from_zero(steps).astype(np.int64)
    held: Int64 = np.clip(rounded + after.zero_point, 0, 255) - SHIFT
    return held
