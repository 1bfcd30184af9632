"""The shape of each kind of C function for the Arm DSP extension (see kernel_views.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.choice import Kernels
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D
from depthwise.codegen.operators.parameters import add_parameters, conv_parameters

from .dsp_kernels import BLOCK, FULL, gather_of, is_signed, patch_inputs, tail_of


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
        return tuple(" |\n            ".join(map(_placed, range(4), word)) for word in words)

    @property
    def rest(self) -> int:
        """Pixels of a row behind the last whole block."""
        return self.out_w % BLOCK


@dataclass(frozen=True, slots=True)
class Vector:
    """FULLY_CONNECTED by dot products."""

    kind: str
    inputs: int
    suffix: str

    @property
    def wide(self) -> int:
        """Tell whether weights are stored as lanes."""
        return int("_wide" in self.suffix)


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


def _placed(place: int, at: tuple[int, int]) -> str:
    """One byte of a row's run as its place in a word."""
    return f"dw_placed(rows[{at[0]}][at + {at[1]}], {place})"


DspKernel = Dot | Vector | Columns | Sum


def _dot(kernels: Kernels, graph: Graph, node: Node) -> Dot:
    assert isinstance(node.op, Conv2D)
    planar = node.output in kernels.planar
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    _, _, out_w, out_c = out.shape
    inputs = patch_inputs(graph, node)
    return Dot(
        kind=kernels.kind(node),
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


def _vector(kernels: Kernels, graph: Graph, node: Node) -> Vector:
    inputs = graph.tensors[node.inputs[1]].shape[1]
    return Vector(kernels.kind(node), inputs, block_suffix(kernels, graph, node))


def _columns(kernels: Kernels, graph: Graph, node: Node) -> Columns:
    assert isinstance(node.op, DepthwiseConv2D)
    found = tail_of(graph, node)
    assert found is not None
    p = conv_parameters(graph, node)
    _, _, in_w, channels = graph.inputs_of(node)[0].shape
    sizes = (in_w, graph.output_of(node).shape[2], channels, node.op.stride[1], node.op.pads.left)
    return Columns(kernels.kind(node), *sizes, *found, p.input_zero_point, int(is_signed(p)))


def _sum(kernels: Kernels, graph: Graph, node: Node) -> Sum:
    p = add_parameters(graph, node)
    shifted = (int(p.input1_shift != 0), int(p.input2_shift != 0))
    return Sum(kernels.kind(node), graph.output_of(node).row_bytes, *shifted, int((p.minimum, p.maximum) == FULL))


def block_suffix(kernels: Kernels, graph: Graph, node: Node) -> str:
    """Ending of the names of `dw_block_…` for a node's weights and scaling."""
    p = conv_parameters(graph, node)
    wide = "_wide" if node.output in kernels.wide else ""
    if (p.minimum, p.maximum) != FULL:
        return f"{wide}_clamped"
    return f"{wide}_signed" if is_signed(p) else wide


DSP_VIEWS: Final[dict[str, Callable[[Kernels, Graph, Node], DspKernel]]] = {
    "conv_2d_dsp": _dot,
    "fully_connected_dsp": _vector,
    "depthwise_conv_2d_dsp": _columns,
    "add_dsp": _sum,
}
