"""DEPTHWISE_CONV_2D of 3x3 by strips of outputs that share the inputs they see."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.kernels.plain.scaling import scaling_refusal
from depthwise.codegen.kernels.weighted import taps_of, weights_of
from depthwise.codegen.operators import DepthwiseConv2D, Pads

from .scales import SCALING, STREAMED, Form, form_of, scales_of, streamed
from .tiles import Tile, tiles_of

KERNEL: Final = (3, 3)
# Instructions for a channel of so many outputs side by side, by the columns from one to the next; of others, one.
COSTS: Final = {1: {1: 43, 2: 59, 3: 75, 4: 94, 5: 113}, 2: {1: 43, 2: 62, 3: 84, 4: 106}}
ALONE: Final = {1: 43}
HEADERS: Final = (*SCALING, "dw_strips.h", "dw_strips_asm.h", "dw_strips_twin.h")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips:
    """Sizes of rows; `shared` is the stride in the functions' names, 1 where outputs share no inputs."""

    form: Form
    in_w: int
    channels: int
    stride_w: int
    dilation_w: int
    pad_left: int
    padded: bool
    shared: int
    tiles: tuple[Tile, ...]

    @property
    def most_columns(self) -> int:
        """Columns that the widest strip sees."""
        return (self.tiles[0].outputs - 1) * self.stride_w + KERNEL[1]


def _refusal(graph: Graph, node: Node) -> str | None:
    assert isinstance(node.op, DepthwiseConv2D)
    height, width = taps_of(graph, node)
    if (height, width) != KERNEL:
        return f"its kernel is {height}x{width}, 3x3 is supported"
    if node.op.depth_multiplier != 1:
        return f"its channel multiplier is {node.op.depth_multiplier}, 1 is supported"
    return scaling_refusal(graph, node)


def _shape(layer: Layer) -> Strips:
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, DepthwiseConv2D)
    stride, width = op.stride[1], layer.output.shape[2]
    together = op.dilation[1] == 1 and stride in COSTS
    return Strips(
        form=form_of(graph, node),
        in_w=layer.input.shape[2],
        channels=layer.input.shape[3],
        stride_w=stride,
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        padded=op.pads != Pads(),
        shared=stride if together else 1,
        tiles=tiles_of(width, COSTS[stride] if together else ALONE),
    )


def _constants(layer: Layer) -> Constants:
    """Nine weights of a channel in three words, then its scale."""
    op, channels = layer.node.op, weights_of(layer.graph, layer.node).reshape(9, -1).T
    assert isinstance(op, DepthwiseConv2D)
    padded = np.zeros((len(channels), 12), "<i1")
    padded[:, :9] = channels
    words: list[int] = []
    for row, scale in zip(padded.view("<u4").tolist(), scales_of(layer), strict=True):
        words += [*row, scale.multiplier, scale.bias, *scale.shift]
    return streamed(layer, words, len(channels) if op.pads != Pads() else 0)


DEPTHWISE_CONV_2D_STRIPS: Final = Kernel(
    name="depthwise_conv_2d_strips",
    operators=(DepthwiseConv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(STREAMED, _constants),
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=None,
)
