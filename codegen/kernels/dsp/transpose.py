"""TRANSPOSE of rows that become columns: four bytes of up to four rows at a time, in words."""

from typing import Final

from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer
from depthwise.codegen.operators import Transpose
from depthwise.codegen.schedule.reads import calls_of

from .turns import Turn, turn_of

LEAST: Final = 4  # columns of a matrix


def _refusal(graph: Graph, node: Node) -> str | None:
    if graph.output_of(node).dtype is not DType.INT8:
        return "its elements are not int8"
    turn = turn_of(graph, node)
    if turn is None:
        return "its last axis does not go in front of the one that becomes the last"
    if turn.columns < LEAST:
        return f"it turns rows of {turn.columns} elements, less than {LEAST}"
    return None


def _shape(layer: Layer) -> Turn:
    turn = turn_of(layer.graph, layer.node)
    assert turn is not None
    return turn


def _events(layer: Layer) -> Events:
    turn = _shape(layer)
    matrices = calls_of(layer.graph, layer.node) * turn.matrices
    if turn.rows == 1:
        return with_calls(layer, CALL, {"spread row": matrices, "spread byte": matrices * turn.columns})
    columns = matrices * -(-turn.columns // LEAST)
    fours, twos, ones = turn.rows // LEAST, turn.rows // 2 % 2, turn.rows % 2
    rows = {"turned four": columns * fours, "turned two": columns * twos, "turned one": columns * ones}
    return with_calls(layer, CALL, {"turned columns": columns, **rows})


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
    traffic=None,
)
