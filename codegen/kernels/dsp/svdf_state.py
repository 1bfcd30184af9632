"""SVDF, its first half: four feature filters at a time, two weights in each int16 lane."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
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
Order = tuple[int, ...]
AS_IT_IS: Final[Order] = tuple(range(ROWS))


@dataclass(frozen=True, slots=True, kw_only=True)
class FourFilters:
    """Feature filters, what each reads, how many steps are kept of each, as which type of C, and what saturates it.

    Where quads are `ordered` a word in front of each says which of its filters the sums are of.
    """

    filters: int
    inputs: int
    steps: int
    ctype: str
    saturated: str
    ordered: bool


def _quads(graph: Graph, node: Node) -> Array:
    """Weights [N, 4, I]: the last four, in part once more, where no four are left; zeros where there are no four."""
    weights = feature_weights(graph, node)
    padded = np.zeros((max(len(weights), ROWS), weights.shape[1]), np.int8)
    padded[: len(weights)] = weights
    firsts = [min(first, len(padded) - ROWS) for first in range(0, len(weights), ROWS)]
    return np.stack([padded[first : first + ROWS] for first in firsts])


def _ordered(quads: Array, filters: int) -> list[Order]:
    """The first order of each quad's filters in which their weights fit into lanes; as it is where none is found."""
    orders = list(permutations(range(ROWS))) if filters >= ROWS else []
    return [next((o for o in orders if lanes_refusal(quad[None, list(o)]) is None), AS_IT_IS) for quad in quads]


def _turned_quads(graph: Graph, node: Node) -> tuple[list[Order], Array]:
    """Orders of the quads, and weights [N, 4, I] in these."""
    quads = _quads(graph, node)
    orders = _ordered(quads, len(feature_weights(graph, node)))
    return orders, np.stack([quad[list(order)] for quad, order in zip(quads, orders, strict=True)])


def _refusal(graph: Graph, node: Node) -> str | None:
    (_, quads), shift = _turned_quads(graph, node), svdf_state_parameters(graph, node).shift
    return lanes_refusal(quads) or doubled_refusal(quads, np.zeros(quads.shape[:2]), [shift] * ROWS)


def _is_ordered(layer: Layer) -> bool:
    return any(order != AS_IT_IS for order in _turned_quads(layer.graph, layer.node)[0])


def _shape(layer: Layer) -> FourFilters:
    filters, inputs = feature_weights(layer.graph, layer.node).shape
    dtype = layer.output.dtype
    return FourFilters(
        filters=filters,
        inputs=inputs,
        steps=layer.output.elements // filters,
        ctype=f"{dtype.value}_t",
        saturated="dw_saturated16" if dtype is DType.INT16 else "dw_saturated",
        ordered=_is_ordered(layer),
    )


def _constants(layer: Layer) -> Constants:
    p = svdf_state_parameters(layer.graph, layer.node)
    scale = ", ".join(map(str, narrow_numbers(p.multiplier, p.shift)))
    stream = array("uint32_t", "stream", "see dw_dsp_svdf.h", _stream(layer))
    offset = -p.input_zero_point % 2**16
    numbers = FieldView("scale", f"{{ {scale} }}"), FieldView("offsets", f"{offset | offset << 16:#x}")
    return Constants((stream,), (*numbers, *fields_of(p, "zero_point")))


def _stream(layer: Layer) -> Iterator[int]:
    """Of each quad its order, words of groups of inputs, then words of four weights."""
    is_ordered = _is_ordered(layer)
    for order, quad in zip(*_turned_quads(layer.graph, layer.node), strict=True):
        if is_ordered:
            yield sum(number << 8 * at for at, number in enumerate(order))
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
        "svdf order": quads * _is_ordered(layer),
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
