"""SVDF, its first half: four feature filters at a time, two weights in each int16 lane."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.data import Constants, FieldView, array, fields_of
from depthwise.codegen.kernels.general.svdf_state import SVDF_STATE, feature_weights
from depthwise.codegen.kernels.kernel import Events, Layer, LayerData, Struct
from depthwise.codegen.operators.parameters import svdf_state_parameters

from .fully_connected_pairs import both_of_pairs, words_of_pairs
from .quads import ROWS, doubled_refusal, lanes_refusal, narrow_numbers

GROUP: Final = 4  # inputs
HEADERS: Final = ("dw_asm.h", "dw_dsp.h", "dw_dsp_narrow.h", "dw_dsp_svdf.h")
MOVED: Final = 16  # bytes at a time


@dataclass(frozen=True, slots=True)
class FourFilters:
    """Feature filters, what each reads, how many steps are kept of each, as which type of C, and what saturates it."""

    filters: int
    inputs: int
    steps: int
    ctype: str
    saturated: str


def _quads(graph: Graph, node: Node) -> Array:
    """Weights [N, 4, I]: the last four, in part once more, where no four are left; zeros where there are no four."""
    weights = feature_weights(graph, node)
    padded = np.zeros((max(len(weights), ROWS), weights.shape[1]), np.int8)
    padded[: len(weights)] = weights
    firsts = [min(first, len(padded) - ROWS) for first in range(0, len(weights), ROWS)]
    return np.stack([padded[first : first + ROWS] for first in firsts])


def _refusal(graph: Graph, node: Node) -> str | None:
    quads, shift = _quads(graph, node), svdf_state_parameters(graph, node).shift
    return lanes_refusal(quads) or doubled_refusal(quads, np.zeros(quads.shape[:2]), [shift] * ROWS)


def _shape(layer: Layer) -> FourFilters:
    filters, inputs = feature_weights(layer.graph, layer.node).shape
    dtype = layer.output.dtype
    saturated = "dw_saturated16" if dtype is DType.INT16 else "dw_saturated"
    return FourFilters(filters, inputs, layer.output.elements // filters, f"{dtype.value}_t", saturated)


def _constants(layer: Layer) -> Constants:
    p = svdf_state_parameters(layer.graph, layer.node)
    scale = ", ".join(map(str, narrow_numbers(p.multiplier, p.shift)))
    stream = array("uint32_t", "stream", "see dw_dsp_svdf.h", _stream(layer))
    offset = -p.input_zero_point % 2**16
    numbers = FieldView("scale", f"{{ {scale} }}"), FieldView("offsets", f"{offset | offset << 16:#x}")
    return Constants((stream,), (*numbers, *fields_of(p, "zero_point")))


def _stream(layer: Layer) -> Iterator[int]:
    """Of each quad words of groups of inputs, then words of four weights."""
    for quad in _quads(layer.graph, layer.node):
        whole = quad.shape[1] // GROUP * GROUP
        if whole:
            yield from words_of_pairs(*both_of_pairs(quad[:, :whole])).transpose(1, 0, 2).ravel().tolist()
        yield from np.ascontiguousarray(quad[:, whole:].T).view("<u4").ravel().tolist()


def _events(layer: Layer) -> Events:
    quads, _, inputs = _quads(layer.graph, layer.node).shape
    found: Events = {
        "svdf quad": quads,
        "svdf group": quads * (inputs // GROUP),
        "svdf input left": quads * (inputs % GROUP),
        "svdf move": layer.output.nbytes // MOVED,
    }
    return with_calls(layer, CALL, found)


SVDF_STATE_DSP: Final = replace(
    SVDF_STATE,
    name="svdf_state_dsp",
    refusal=_refusal,
    shape=_shape,
    data=LayerData(Struct("dw_svdf_filters", template=None), _constants),
    headers=HEADERS,
    events=_events,
)
