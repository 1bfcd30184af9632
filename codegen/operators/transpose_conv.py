"""TRANSPOSE_CONV: every pixel of the input is spread over a window of the output."""

import operator
from dataclasses import dataclass
from math import prod
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Fields, Scalar, int32
from depthwise.codegen.graph import DType, Graph, Node, Pads
from depthwise.codegen.graph.windows import same_pads

from .operator import Operator, Storage
from .parts import channels, facts, reading, shapes, weighted, windowed, writing
from .parts.activation import Activation
from .parts.computing import Float64
from .parts.quantization import OutputScale
from .parts.rows import RowAccess, SpreadRows
from .parts.weights import Weights, no_border, same_attributes
from .parts.windowed import PADDINGS

VERSIONS: Final = {True: 3, False: 4}  # without an activation, with one


@dataclass(frozen=True, slots=True)
class TransposeConv:
    """Reads image [1,H,W,I] · weights [O,KH,KW,I] · bias [O] (· output shape); writes [1,OH,OW,O]. (height, width).

    Output (y, x) takes weight (ky, kx) times pixel ((y + top − ky) / stride, …) where that divides evenly.
    """

    kind: ClassVar[str] = "TRANSPOSE_CONV"
    stride: tuple[int, int]
    pads: Pads
    activation: Activation


def _read(op: reading.RawOperator) -> TransposeConv:
    op.need(3, 4)
    kernel, out = (windowed.image_size(t, op.what) for t in (op.inputs[1], op.output))
    stride = windowed.read_sizes(op, 2, 1, 1)
    number = op.options.scalar(0, "b")
    if not 0 <= number < len(PADDINGS):
        raise ModelError(f"{op.what} has padding {number}, only 0 (SAME) and 1 (VALID) exist")
    pads = same_pads(out, kernel, stride) if PADDINGS[number] == "SAME" else Pads()
    return TransposeConv(stride, pads, reading.activation(op, 3))


def _op(node: Node) -> TransposeConv:
    assert isinstance(node.op, TransposeConv)
    return node.op


def _write(graph: Graph, node: Node) -> writing.Coded:
    op, (_, height, width, _) = _op(node), graph.output_of(node).shape
    _, *kernel, _ = graph.inputs_of(node)[1].shape
    same = same_pads((height, width), (kernel[0], kernel[1]), op.stride)
    if op.pads not in (Pads(), same):
        raise ModelError(f"{node} has {op.pads}, a .tflite file can say only VALID, {Pads()}, or SAME, {same}")
    scheme = PADDINGS.index("VALID" if op.pads == Pads() else "SAME")
    fields = {0: Scalar("b", scheme), 1: int32(op.stride[1]), 2: int32(op.stride[0]), 3: writing.activation(op)}
    return writing.Coded(VERSIONS[op.activation is Activation.NONE], 49, Fields(fields))


def _check(graph: Graph, node: Node) -> None:
    (image, weights, *others), out = graph.inputs_of(node), graph.output_of(node)
    shapes.rank4(node, image)
    shapes.rank4(node, out)
    shapes.constants(node, (weights, *others[:1]))
    if len(weights.shape) != 4 or min(_op(node).stride) < 1:
        raise ModelError(f"{node} has weights of shape {weights.shape} and stride {_op(node).stride}")
    shapes.same(node, "input channels", image.shape[3], weights.shape[3])
    weighted.check_channels(node, weights.shape[0], (image, weights, *others[:1]), out)


def _check_quantization(graph: Graph, node: Node) -> None:
    if graph.output_of(node).dtype is DType.FLOAT32:
        shapes.same(node, "types", {t.dtype for t in graph.inputs_of(node)[:3]}, {DType.FLOAT32})
        return
    weighted.check_quantization(WEIGHTS.filter_axis)(graph, node)


def _sums(graph: Graph, node: Node, centred: Float64, weights: Float64) -> Float64:
    op, (_, height, width, filters) = _op(node), graph.output_of(node).shape
    (rows, columns), (_, kernel_h, kernel_w, _) = centred.shape[1:3], weights.shape
    reach = [(n - 1) * s + k for n, s, k in zip((rows, columns), op.stride, (kernel_h, kernel_w), strict=True)]
    spread = np.zeros((len(centred), max(reach[0], op.pads.top + height), max(reach[1], op.pads.left + width), filters))
    for ky in range(kernel_h):
        for kx in range(kernel_w):
            down = slice(ky, ky + (rows - 1) * op.stride[0] + 1, op.stride[0])
            across = slice(kx, kx + (columns - 1) * op.stride[1] + 1, op.stride[1])
            spread[:, down, across] += centred @ weights[:, ky, kx].T
    return spread[:, op.pads.top : op.pads.top + height, op.pads.left : op.pads.left + width]


def _macs(graph: Graph, node: Node) -> int:
    image, weights = graph.inputs_of(node)[:2]
    return image.elements * prod(weights.shape[:3])


def _rows(graph: Graph, node: Node) -> RowAccess:
    op, height = _op(node), graph.inputs_of(node)[1].shape[1]
    return SpreadRows(-(-height // op.stride[0]), op.stride[0], op.pads.top)


WEIGHTS: Final = Weights(layout="OHWI", sums=_sums, border=no_border, resized=same_attributes, product=operator.mul)
OPERATOR: Final = Operator(
    operation=TransposeConv,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=_check,
    check_quantization=_check_quantization,
    compute=weighted.compute(WEIGHTS),
    compute_real=weighted.compute_real(WEIGHTS),
    keeps_cases=facts.always,
    output_quantization=OutputScale.CALIBRATED,
    interval=weighted.interval(WEIGHTS),
    macs=_macs,
    weights=WEIGHTS,
    rows=_rows,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
