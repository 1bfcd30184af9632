"""The shape of each kind of C function: the integers its template fills in, nothing that differs by data.

Two layers whose kernels are equal share one function. Sizes are (height, width) unless named otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod

from .graph import Graph, Node, Tensor
from .kernels import BLOCK, FULL, Kernels, gather_of, is_signed, patch_inputs, tail_of
from .mve_views import MVE_VIEWS, MveDepthwise, MveDot
from .operations import (
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mean,
    Pad,
    Transpose,
)
from .parameters import add_parameters, conv_parameters
from .pipeline.reads import at_once
from .plain_kernels import MATRIX_KINDS
from .plain_views import PIXELS, Dense, Pixels, dense_of, pixels_of


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
    suffix: str

    @property
    def wide(self) -> int:
        """Tell whether weights are stored as lanes."""
        return int("_wide" in self.suffix)


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


@dataclass(frozen=True, slots=True)
class Dot:
    """CONV_2D by dot products of blocks of pixels; element (x, c) is written to x * pixel_step + c * channel_step.

    `gather` names the way inputs are brought together, `suffix` the scaling of sums ("", "_signed" or "_clamped"),
    `patch_words` where bytes lie in the scratch behind the lanes.
    """

    kind: str
    gather: str
    suffix: str
    in_w: int
    in_c: int
    out_w: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    pixel_step: int
    channel_step: int
    inputs: int
    patch_words: int

    @property
    def wide(self) -> int:
        """Tell whether weights are stored as lanes."""
        return int("_wide" in self.suffix)

    @property
    def rest_words(self) -> tuple[str, ...]:
        """What is left of each row's run behind its whole words, as words in C of `rows` and a pixel's place `at`."""
        run = self.kernel_w * self.in_c
        left = [(ky, at) for ky in range(self.kernel_h) for at in range(run // 4 * 4, run)]
        words = (left[i : i + 4] for i in range(0, len(left), 4))
        return tuple(
            " | ".join(f"dw_placed(rows[{ky}][at + {at}], {i})" for i, (ky, at) in enumerate(word)) for word in words
        )

    @property
    def rest(self) -> int:
        """Pixels of a row behind the last whole block."""
        return self.out_w % BLOCK


@dataclass(frozen=True, slots=True)
class Columns:
    """DEPTHWISE_CONV_2D 3x3 over rows [C][W]: see `dw_depthwise_channel`."""

    kind: str
    in_w: int
    out_w: int
    channels: int
    stride_w: int
    pad_left: int
    middle: int
    tail: str
    zero_point: int
    signed: int


@dataclass(frozen=True, slots=True)
class Sum:
    """ADD: number of elements, whether the operands are shifted, whether the clamp is all of int8."""

    kind: str
    count: int
    first_shifted: int
    second_shifted: int
    full: int


Kernel = (
    Window
    | Padding
    | Matrix
    | Elements
    | Area
    | Permutation
    | Dot
    | Columns
    | Sum
    | Pixels
    | Dense
    | MveDot
    | MveDepthwise
)


def kernel_of(kernels: Kernels, graph: Graph, node: Node) -> Kernel:
    """Shape of the function that computes a node."""
    make: Callable[[str, Graph, Node], Kernel]
    kind = kernels.kind(node)
    if kind == "conv_2d_dsp":
        return _dot(kind, kernels, graph, node)
    if kind == "fully_connected_dsp":
        return replace(_matrix(kind, graph, node), suffix=block_suffix(kernels, graph, node))
    if kind == "depthwise_conv_2d_dsp":
        return _columns(kind, graph, node)
    if kind == "add_dsp":
        return _sum(kind, graph, node)
    if kind in PIXELS:
        return pixels_of(kind, graph, node)
    if kind in MATRIX_KINDS:
        return dense_of(kind, graph, node)
    if kind in MVE_VIEWS:
        return MVE_VIEWS[kind](kind, graph, node)
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


def _dot(kind: str, kernels: Kernels, graph: Graph, node: Node) -> Dot:
    assert isinstance(node.op, Conv2D)
    planar = node.output in kernels.planar
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    _, _, out_w, out_c = out.shape
    inputs = patch_inputs(graph, node)
    return Dot(
        kind=kind,
        gather=gather_of(graph, node),
        suffix=block_suffix(kernels, graph, node),
        in_w=image.shape[2],
        in_c=image.shape[3],
        out_w=out_w,
        kernel_h=graph.tensors[node.inputs[1]].shape[1],
        kernel_w=graph.tensors[node.inputs[1]].shape[2],
        stride_w=node.op.stride[1],
        dilation_w=node.op.dilation[1],
        pad_left=node.op.pads.left,
        pixel_step=1 if planar else out_c,
        channel_step=out_w if planar else 1,
        inputs=inputs,
        patch_words=min(BLOCK, out_w) * inputs // 2,
    )


def _columns(kind: str, graph: Graph, node: Node) -> Columns:
    assert isinstance(node.op, DepthwiseConv2D)
    found = tail_of(graph, node)
    assert found is not None
    p = conv_parameters(graph, node)
    _, _, in_w, channels = graph.inputs_of(node)[0].shape
    sizes = (in_w, graph.output_of(node).shape[2], channels, node.op.stride[1], node.op.pads.left)
    return Columns(kind, *sizes, *found, p.input_zero_point, int(is_signed(p)))


def _sum(kind: str, graph: Graph, node: Node) -> Sum:
    p = add_parameters(graph, node)
    shifted = (int(p.input1_shift != 0), int(p.input2_shift != 0))
    return Sum(kind, graph.output_of(node).row_bytes, *shifted, int((p.minimum, p.maximum) == FULL))


def block_suffix(kernels: Kernels, graph: Graph, node: Node) -> str:
    """Ending of the names of `dw_block_…` for a node's weights and scaling."""
    p = conv_parameters(graph, node)
    wide = "_wide" if node.output in kernels.wide else ""
    if (p.minimum, p.maximum) != FULL:
        return f"{wide}_clamped"
    return f"{wide}_signed" if is_signed(p) else wide


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
    return Matrix(kind, inputs, outputs, "")


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
