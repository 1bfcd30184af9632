"""FULLY_CONNECTED of several vectors: dot products of blocks of three of them and two channels."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.flash import FlashTraffic
from depthwise.codegen.kernels.general.elements import elements_of
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch
from depthwise.codegen.kernels.weighted import form_refusal, patch_inputs, weights_of
from depthwise.codegen.operators import FullyConnected
from depthwise.codegen.schedule.reads import calls_of

from .dot_traffic import dot_traffic
from .dots import (
    BLOCK,
    DOT,
    HEADERS,
    LANE_BYTES,
    dot_events,
    dot_fields,
    int16_gain,
    lanes_of,
    most_pixels,
    row_blocks,
    row_suffix,
    stored_as,
    stream,
)
from .lines import is_on_moved_line
from .scaling import steepest_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class DotVectors:
    """Numbers of a vector that go in and come out, vectors of a call, and how many become lanes at once.

    `expand` makes the lanes, `suffix` ends the name of what reads them.
    """

    inputs: int
    outputs: int
    vectors: int
    most: int
    expand: str
    suffix: str

    @property
    def rest(self) -> int:
        """Vectors behind the last whole block."""
        return self.vectors % BLOCK

    @property
    def has_whole(self) -> bool:
        """Tell whether vectors become lanes that are not the last ones, with a rest."""
        return self.vectors > self.most or not self.rest


def _refusal(graph: Graph, node: Node) -> str | None:
    if form_refusal(graph, node) is None:
        return "it multiplies one vector"
    return steepest_refusal(graph, node)


def _vectors(graph: Graph, node: Node) -> int:
    """Vectors of a call."""
    return elements_of(Layer(graph, node)).count // graph.output_of(node).shape[-1]


def _most(graph: Graph, node: Node) -> int:
    return most_pixels(patch_inputs(graph, node), _vectors(graph, node))


def _shape(layer: Layer) -> DotVectors:
    outputs, inputs = weights_of(layer.graph, layer.node).shape
    lanes = lanes_of(layer, stored_as(layer)).removeprefix("DW_LANES_").lower()
    return DotVectors(
        inputs=inputs,
        outputs=outputs,
        vectors=_vectors(layer.graph, layer.node),
        most=_most(layer.graph, layer.node),
        expand=f"dw_expand_row_{lanes}",
        suffix=row_suffix(layer),
    )


def _constants(layer: Layer) -> Constants:
    return Constants((stream(layer, weights_of(layer.graph, layer.node), stored_as(layer)),), dot_fields(layer))


def _scratch_bytes(graph: Graph, node: Node) -> int:
    """Bytes of lanes that are made at once."""
    return min(_most(graph, node), _vectors(graph, node)) * patch_inputs(graph, node) * LANE_BYTES


def _events(layer: Layer) -> Events:
    graph, node = layer.graph, layer.node
    calls, vectors, most = calls_of(graph, node), _vectors(graph, node), _most(graph, node)
    gathered: Events = {"pointwise group": calls * vectors * patch_inputs(graph, node) // 4}
    dots = dot_events(layer, calls * -(-vectors // most), row_blocks(calls, vectors, most))
    return with_calls(layer, CALL, dots | gathered)


def _traffic(layer: Layer) -> FlashTraffic:
    graph, node = layer.graph, layer.node
    calls, vectors, groups = calls_of(graph, node), _vectors(graph, node), patch_inputs(graph, node) // 4
    return dot_traffic(layer, groups, stored_as(layer), rows=calls, width=vectors, most=_most(graph, node))


FULLY_CONNECTED_VECTORS_DSP: Final = Kernel(
    name="fully_connected_vectors_dsp",
    operators=(FullyConnected,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(DOT, _constants),
    headers=HEADERS,
    scratch=Scratch("lanes", _scratch_bytes),
    position=False,
    planar=None,
    int16_weights=int16_gain,
    events=_events,
    proves=is_on_moved_line,
    traffic=_traffic,
)
