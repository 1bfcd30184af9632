"""The shape of each kind of C function for Helium: the integers that its template fills in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D

from .mve_kernels import BLOCK_PIXELS, DEPTHWISE, MATRIX, PATCHES, POINTWISE, mve_inputs, mve_suffix

LANES: Final = 16


@dataclass(frozen=True, slots=True)
class MveDot:
    """CONV_2D, a pair of pixels at a time, or FULLY_CONNECTED, where sizes of the image are 1.

    `suffix` names the scaling of sums ("" or "_signed"); `pairs` are pairs of pixels in a row, `rest` is 1 where a
    single one is left.
    """

    kind: str
    suffix: str
    in_w: int
    in_c: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    inputs: int
    pairs: int
    rest: int


@dataclass(frozen=True, slots=True)
class MveDepthwise:
    """DEPTHWISE_CONV_2D; `signed` is 1 where negative values' halves are rounded away from zero."""

    kind: str
    in_w: int
    out_w: int
    channels: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    signed: int

    @property
    def last_inside(self) -> int:
        """The last output whose taps all lie left of the image's right edge."""
        last = (self.in_w - 1 - (self.kernel_w - 1) * self.dilation_w + self.pad_left) // self.stride_w
        return min(last, self.out_w - 1)

    @property
    def abreast(self) -> int:
        """Neighbouring pixels that fill sixteen bytes together, where their taps are neighbours too."""
        return LANES // self.channels if self.stride_w == 1 and LANES % self.channels == 0 else 1


def _dot(kind: str, graph: Graph, node: Node) -> MveDot:
    assert isinstance(node.op, Conv2D)
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    _, kernel_h, kernel_w, _ = graph.tensors[node.inputs[1]].shape
    return MveDot(
        kind=kind,
        suffix=mve_suffix(graph, node),
        in_w=image.shape[2],
        in_c=image.shape[3],
        out_c=out.shape[3],
        kernel_h=kernel_h,
        kernel_w=kernel_w,
        stride_w=node.op.stride[1],
        dilation_w=node.op.dilation[1],
        pad_left=node.op.pads.left,
        inputs=mve_inputs(graph, node),
        pairs=out.shape[2] // BLOCK_PIXELS,
        rest=out.shape[2] % BLOCK_PIXELS,
    )


def _matrix(kind: str, graph: Graph, node: Node) -> MveDot:
    inputs = mve_inputs(graph, node)
    sizes = (1, inputs, graph.output_of(node).shape[-1])
    return MveDot(kind, mve_suffix(graph, node), *sizes, 1, 1, 1, 1, 0, inputs, pairs=0, rest=1)


def _depthwise(kind: str, graph: Graph, node: Node) -> MveDepthwise:
    assert isinstance(node.op, DepthwiseConv2D)
    _, _, in_w, channels = graph.inputs_of(node)[0].shape
    _, kernel_h, kernel_w, _ = graph.tensors[node.inputs[1]].shape
    return MveDepthwise(
        kind=kind,
        in_w=in_w,
        out_w=graph.output_of(node).shape[2],
        channels=channels,
        kernel_h=kernel_h,
        kernel_w=kernel_w,
        stride_w=node.op.stride[1],
        dilation_w=node.op.dilation[1],
        pad_left=node.op.pads.left,
        signed=int(bool(mve_suffix(graph, node))),
    )


MVE_VIEWS: Final[dict[str, Callable[[str, Graph, Node], MveDot | MveDepthwise]]] = {
    POINTWISE: _dot,
    PATCHES: _dot,
    MATRIX: _matrix,
    DEPTHWISE: _depthwise,
}
