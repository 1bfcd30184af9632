"""CONV_2D whose channels are in groups: dot products of each group's patches, by blocks along a row."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants, array
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch
from depthwise.codegen.kernels.weighted import patch_inputs, taps_of, weights_of
from depthwise.codegen.operators import Conv2D
from depthwise.codegen.operators.parts.weights import groups_of

from .dots import BLOCK, DOT, dot_fields, most_pixels, row_suffix
from .lines import is_on_moved_line
from .patches import (
    PATCH_HEADERS,
    border_of,
    expansion,
    lane_bytes,
    patch_dots,
    patch_int16,
    patch_refusal,
    patch_scratch,
    read_as,
    stream_size,
    streams,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDots:
    """Sizes of a row and of a group: `channels` that it reads, `filters`, `words` of its stream.

    `most` pixels are gathered at once, `inputs` each; `patch_at` is where bytes lie in the scratch behind their lanes.
    """

    suffix: str
    expand: str
    in_w: int
    in_c: int
    out_w: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    channels: int
    filters: int
    words: int
    inputs: int
    most: int
    patch_at: int

    @property
    def rest(self) -> int:
        """Pixels of a row behind the last whole block."""
        return self.out_w % BLOCK

    @property
    def has_whole(self) -> bool:
        """Tell whether pixels are gathered that are not the end of a row with a rest."""
        return self.out_w > self.most or not self.rest


def _refusal(graph: Graph, node: Node) -> str | None:
    assert isinstance(node.op, Conv2D)
    if groups_of(graph, node) == 1:
        return "its channels are in one group"
    if node.op.border is not None:
        return "its bias depends on the position"
    return patch_refusal(graph, node, patch_inputs(graph, node))


def _shape(layer: Layer) -> GroupDots:
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, Conv2D)
    inputs, groups = patch_inputs(graph, node), groups_of(graph, node)
    _, _, out_w, out_c = layer.output.shape
    kernel_h, kernel_w = taps_of(graph, node)
    return GroupDots(
        suffix=row_suffix(layer, read_as(layer)),
        expand=expansion(layer),
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        out_w=out_w,
        out_c=out_c,
        kernel_h=kernel_h,
        kernel_w=kernel_w,
        stride_w=op.stride[1],
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        channels=layer.input.shape[3] // groups,
        filters=out_c // groups,
        words=stream_size(layer, inputs, out_c // groups),
        inputs=inputs,
        most=most_pixels(inputs, out_w),
        patch_at=lane_bytes(inputs, out_w),
    )


def _constants(layer: Layer) -> Constants:
    graph, node = layer.graph, layer.node
    weights, groups = weights_of(graph, node), groups_of(graph, node)
    filters = len(weights) // groups
    others = np.zeros(filters, np.int64)
    parts = [slice(i * filters, (i + 1) * filters) for i in range(groups)]
    words = streams(layer, [(part, weights[part], others) for part in parts])
    stream = array("uint32_t", "stream", "of each group in turn, see dw_dsp_dot.h", words)
    border = border_of(layer, layer.input.shape[3] // groups)
    return Constants((stream, border), dot_fields(layer, channels=filters))


def _scratch_bytes(graph: Graph, node: Node) -> int:
    return patch_scratch(patch_inputs(graph, node), graph.output_of(node).shape[2])


def _events(layer: Layer) -> Events:
    graph, node = layer.graph, layer.node
    _, rows, width, channels = layer.output.shape
    groups, inputs = groups_of(graph, node), patch_inputs(graph, node)
    pairs = rows * groups * -(-(channels // groups) // 2)
    taps = taps_of(graph, node)[0] * taps_of(graph, node)[1]
    found: Events = {
        "patch call": rows * groups * -(-width // most_pixels(inputs, width)),
        "patch": rows * width * groups,
        "patch tap": rows * width * groups * taps,
        "patch group": rows * width * groups * inputs // 4,
    }
    return with_calls(layer, WINDOW_CALL, found | patch_dots(layer, pairs, width, inputs))


CONV_2D_GROUPS_DSP: Final = Kernel(
    name="conv_2d_groups_dsp",
    operators=(Conv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(DOT, _constants),
    headers=PATCH_HEADERS,
    scratch=Scratch("lanes", _scratch_bytes),
    position=False,
    planar=None,
    int16_weights=patch_int16,
    events=_events,
    proves=is_on_moved_line,
    traffic=None,
)
