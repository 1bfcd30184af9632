"""FULLY_CONNECTED by dot products of one pixel and two channels."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.flash import FlashTraffic
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch
from depthwise.codegen.kernels.weighted import patch_inputs, weights_of
from depthwise.codegen.operators import FullyConnected

from .dot_traffic import dot_traffic
from .dots import (
    DOT,
    HEADERS,
    LANE_BYTES,
    UNROLLED_REST,
    Blocks,
    dot_events,
    dot_fields,
    dot_refusal,
    int16_gain,
    lanes_of,
    row_suffix,
    stored_as,
    stream,
)
from .lines import is_on_moved_line


@dataclass(frozen=True, slots=True)
class Vector:
    """Numbers that go in, ending of the function's name, what lanes of inputs are."""

    inputs: int
    suffix: str
    lanes: str


def _shape(layer: Layer) -> Vector:
    inputs = weights_of(layer.graph, layer.node).shape[1]
    return Vector(inputs, row_suffix(layer), lanes_of(layer, stored_as(layer)))


def _constants(layer: Layer) -> Constants:
    return Constants((stream(layer, weights_of(layer.graph, layer.node), stored_as(layer)),), dot_fields(layer))


def _scratch_bytes(graph: Graph, node: Node) -> int:
    return patch_inputs(graph, node) * LANE_BYTES


def _events(layer: Layer) -> Events:
    blocks = (Blocks(1, 1, UNROLLED_REST[1]),)
    gathered: Events = {"dense group": patch_inputs(layer.graph, layer.node) // 4}
    return with_calls(layer, CALL, dot_events(layer, 1, blocks) | gathered)


def _traffic(layer: Layer) -> FlashTraffic:
    groups = patch_inputs(layer.graph, layer.node) // 4
    return dot_traffic(layer, groups, stored_as(layer), rows=1, width=1, most=1)


FULLY_CONNECTED_DSP: Final = Kernel(
    name="fully_connected_dsp",
    operators=(FullyConnected,),
    refusal=dot_refusal,
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
