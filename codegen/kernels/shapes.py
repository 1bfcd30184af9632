"""The shape of each kind of C function: the integers its template fills in, nothing that differs by data.

Two layers whose kernels are equal share one function. Sizes are (height, width) unless named otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import (
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mean,
    Pad,
    Transpose,
)
from depthwise.codegen.schedule.reads import at_once

from .choice import Kernels
from .dsp.dsp_views import DSP_VIEWS, DspKernel
from .mve.mve_views import MVE_VIEWS, MveDepthwise, MveDot
from .plain.plain_views import PLAIN_VIEWS, Dense, Pixels


@dataclass(frozen=True, slots=True)
class Window:
    """A kernel that slides over an image: CONV_2D, DEPTHWISE_CONV_2D and the pools. Heights are 0 where unused."""

    kind: str
    in_h: int
    in_w: int
    in_c: int
    out_h: int
    out_w: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    dilation_h: int
    dilation_w: int
    pad_top: int
    pad_left: int
    multiplier: int
    border_columns: int


@dataclass(frozen=True, slots=True)
class Padding:
    """PAD: an image with a border of the zero point around."""

    kind: str
    in_w: int
    channels: int
    out_w: int
    left: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """FULLY_CONNECTED: a vector times a matrix."""

    kind: str
    inputs: int
    outputs: int


@dataclass(frozen=True, slots=True)
class Elements:
    """An operation on single elements or on one vector: ADD, QUANTIZE, SOFTMAX, a copy."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Area:
    """MEAN over height and width."""

    kind: str
    height: int
    width: int
    channels: int


@dataclass(frozen=True, slots=True)
class Permutation:
    """TRANSPOSE, as five nested loops: sizes of the output, and how far apart their elements lie in the input."""

    kind: str
    sizes: tuple[int, ...]
    strides: tuple[int, ...]


Plain = Window | Padding | Matrix | Elements | Area | Permutation
Kernel = Plain | DspKernel | Pixels | Dense | MveDot | MveDepthwise


def kernel_of(kernels: Kernels, graph: Graph, node: Node) -> Kernel:
    """Shape of the function that computes a node."""
    kind = kernels.kind(node)
    if kind in DSP_VIEWS:
        return DSP_VIEWS[kind](kernels, graph, node)
    if kind in PLAIN_VIEWS:
        return PLAIN_VIEWS[kind](kind, graph, node)
    if kind in MVE_VIEWS:
        return MVE_VIEWS[kind](kind, graph, node)
    return _general(kind, graph, node)


def _general(kind: str, graph: Graph, node: Node) -> Kernel:
    make: Callable[[str, Graph, Node], Kernel]
    match node.op:
        case Conv2D() | DepthwiseConv2D() | AveragePool2D() | MaxPool2D():
            make = _window
        case Pad():
            make = _padding
        case FullyConnected():
            make = _matrix
        case Mean():
            make = _area
        case Transpose():
            make = _permutation
        case _:
            make = _elements
    return make(kind, graph, node)


def _window(kind: str, graph: Graph, node: Node) -> Window:
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    _, in_h, in_w, in_c = image.shape
    _, out_h, out_w, out_c = out.shape
    dilation, multiplier, classes = (1, 1), 1, 0
    match node.op:
        case AveragePool2D(kernel=kernel, stride=stride, pads=pads) | MaxPool2D(kernel, stride, pads):
            pass
        case Conv2D(stride=stride, pads=pads, dilation=dilation, border=border):
            kernel = _kernel_size(graph.tensors[node.inputs[1]])
            classes = max(border.columns) + 1 if border is not None else 0
        case DepthwiseConv2D(stride, pads, dilation, multiplier):
            kernel = _kernel_size(graph.tensors[node.inputs[1]])
        case _:
            raise AssertionError(node)
    if kind != "average_pool_2d_sums":
        in_h = out_h = 0  # a row knows nothing of heights
    sizes = (in_h, in_w, in_c, out_h, out_w, out_c)
    return Window(kind, *sizes, *kernel, *stride, *dilation, pads.top, pads.left, multiplier, classes)


def _kernel_size(weights: Tensor) -> tuple[int, int]:
    return weights.shape[1], weights.shape[2]


def _padding(kind: str, graph: Graph, node: Node) -> Padding:
    assert isinstance(node.op, Pad)
    _, _, in_w, channels = graph.inputs_of(node)[0].shape
    return Padding(kind, in_w, channels, graph.output_of(node).shape[2], node.op.pads.left)


def _matrix(kind: str, graph: Graph, node: Node) -> Matrix:
    outputs, inputs = graph.tensors[node.inputs[1]].shape
    return Matrix(kind, inputs, outputs)


def _area(kind: str, graph: Graph, node: Node) -> Area:
    _, height, width, channels = graph.inputs_of(node)[0].shape
    return Area(kind, height, width, channels)


def _permutation(kind: str, graph: Graph, node: Node) -> Permutation:
    assert isinstance(node.op, Transpose)
    before, after = graph.inputs_of(node)[0].shape, graph.output_of(node).shape
    apart = [prod(before[axis + 1 :]) for axis in range(len(before))]
    missing = 5 - len(after)
    strides = (0,) * missing + tuple(apart[axis] for axis in node.op.permutation)
    return Permutation(kind, (1,) * missing + after, strides)


def _elements(kind: str, graph: Graph, node: Node) -> Elements:
    out = graph.output_of(node)
    return Elements(kind, out.elements if at_once(graph, node) else out.row_bytes)
