"""TRANSPOSE of rows that become columns: four bytes of four rows at a time, in words."""

from typing import Final

from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer
from depthwise.codegen.operators import Transpose
from depthwise.codegen.schedule.reads import calls_of

from .turns import Turn, turn_of

LEAST: Final = 4  # rows and columns of a matrix


def _refusal(graph: Graph, node: Node) -> str | None:
    if graph.output_of(node).dtype is not DType.INT8:
        return "its elements are not int8"
    turn = turn_of(graph, node)
    if turn is None:
        return "its last axis does not go in front of the one that becomes the last"
    if min(turn.rows, turn.columns) < LEAST:
        return f"it turns {turn.rows} x {turn.columns} elements, less than {LEAST} in a direction"
    return None


def _shape(layer: Layer) -> Turn:
    turn = turn_of(layer.graph, layer.node)
    assert turn is not None
    return turn


def _events(layer: Layer) -> Events:
    turn = _shape(layer)
    columns = calls_of(layer.graph, layer.node) * turn.matrices * -(-turn.columns // LEAST)
    return with_calls(layer, CALL, {"turned columns": columns, "turned four": columns * -(-turn.rows // LEAST)})


TRANSPOSE_DSP: Final = Kernel(
    name="transpose_dsp",
    operators=(Transpose,),
    refusal=_refusal,
    shape=_shape,
    data=None,
    headers=("dw_asm.h", "dw_dsp.h", "dw_dsp_transpose.h"),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=_events,
    proves=None,
)
