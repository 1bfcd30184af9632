"""AVERAGE_POOL_2D that adds up its input row by row, four channels at a time as int16 lanes of a row."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.general.average_pool_2d_sums import AVERAGE_POOL_2D_SUMS
from depthwise.codegen.kernels.kernel import Events, Layer
from depthwise.codegen.operators import AveragePool2D

WIDEST: Final = 255  # columns whose sum is within int16


def _refusal(graph: Graph, node: Node) -> str | None:
    assert isinstance(node.op, AveragePool2D)
    channels, width = graph.output_of(node).shape[3], node.op.kernel[1]
    if channels % 4:
        return f"it has {channels} channels, a multiple of four is supported"
    if width > WIDEST:
        return f"its windows are {width} columns wide, {WIDEST} are supported"
    return AVERAGE_POOL_2D_SUMS.refusal(graph, node)


def _events(layer: Layer) -> Events:
    found: Events = {"lane sums read": layer.input.elements, "lane sums": layer.input.rows * layer.output.row_bytes}
    return with_calls(layer, CALL, found)


AVERAGE_POOL_2D_SUMS_DSP: Final = replace(
    AVERAGE_POOL_2D_SUMS,
    name="average_pool_2d_sums_dsp",
    refusal=_refusal,
    headers=("dw_asm.h", "dw_dsp.h"),
    events=_events,
)
