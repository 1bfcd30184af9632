"""SVDF, its first half: four feature filters at a time, two weights in each int16 lane."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.data import Constants, FieldView, array, fields_of
from depthwise.codegen.kernels.general.svdf_state import SVDF_STATE, feature_weights
from depthwise.codegen.kernels.kernel import Events, Layer, LayerData, Scratch, Struct
from depthwise.codegen.operators.parameters import svdf_state_parameters

from .quads import QUAD_HEADERS, ROWS, narrow_numbers, quad_words, quads_refusal

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
    """Weights [N, 4, I], zeros where there is no filter."""
    weights = feature_weights(graph, node)
    padded = np.zeros((-(-len(weights) // ROWS) * ROWS, weights.shape[1]), np.int8)
    padded[: len(weights)] = weights
    return padded.reshape(-1, ROWS, weights.shape[1])


def _refusal(graph: Graph, node: Node) -> str | None:
    quads = _quads(graph, node)
    return quads_refusal(quads, np.zeros(quads.shape[:2]), [svdf_state_parameters(graph, node).shift] * ROWS)


def _shape(layer: Layer) -> FourFilters:
    filters, inputs = feature_weights(layer.graph, layer.node).shape
    dtype = layer.output.dtype
    saturated = "dw_saturated16" if dtype is DType.INT16 else "dw_saturated"
    return FourFilters(filters, inputs, layer.output.elements // filters, f"{dtype.value}_t", saturated)


def _constants(layer: Layer) -> Constants:
    p = svdf_state_parameters(layer.graph, layer.node)
    scale = ", ".join(map(str, narrow_numbers(p.multiplier, p.shift)))
    stream = array("uint32_t", "stream", "see dw_dsp_svdf.h", _stream(layer))
    return Constants((stream,), (FieldView("scale", f"{{ {scale} }}"), *fields_of(p, "zero_point")))


def _stream(layer: Layer) -> Iterator[int]:
    zero_point = svdf_state_parameters(layer.graph, layer.node).input_zero_point
    for quad in _quads(layer.graph, layer.node):
        yield from quad_words(quad, np.zeros(ROWS, np.int32), zero_point)


def _scratch_bytes(graph: Graph, node: Node) -> int:
    return -(-int(_quads(graph, node).shape[2]) // 4) * 4


def _events(layer: Layer) -> Events:
    quads, _, inputs = _quads(layer.graph, layer.node).shape
    found: Events = {
        "svdf quad": quads,
        "group of 2 pairs": quads * -(-inputs // 4),
        "svdf move": layer.output.nbytes // MOVED,
    }
    return with_calls(layer, CALL, found)


SVDF_STATE_DSP: Final = replace(
    SVDF_STATE,
    name="svdf_state_dsp",
    refusal=_refusal,
    shape=_shape,
    data=LayerData(Struct("dw_svdf_filters", template=None), _constants),
    headers=(*QUAD_HEADERS, "dw_dsp_svdf.h"),
    scratch=Scratch("bytes", _scratch_bytes),
    events=_events,
)
