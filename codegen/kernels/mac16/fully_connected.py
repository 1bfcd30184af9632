"""FULLY_CONNECTED as one pixel of many channels."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Kernel, Layer, Scratch
from depthwise.codegen.kernels.weighted import Scaling, faster_as_int16, patch_inputs, weights_of
from depthwise.codegen.operators import FullyConnected

from .dots import BEHIND, DOT, HEADERS, LANE_BYTES, dot_refusal, is_turned
from .scaling import form_of


@dataclass(frozen=True, slots=True)
class Mac16Vector:
    """Numbers that go in, `lanes` with the padding; `turned` where they become lanes four at a time.

    `narrow`: weights are bytes.
    """

    form: Scaling
    narrow: bool
    turned: bool
    inputs: int
    lanes: int


def _shape(layer: Layer) -> Mac16Vector:
    graph, node = layer.graph, layer.node
    inputs = weights_of(graph, node).shape[1]
    turned, lanes = is_turned(graph, node), patch_inputs(graph, node)
    return Mac16Vector(form_of(layer), not layer.int16_weights, turned, inputs, lanes)


def _scratch_bytes(graph: Graph, node: Node) -> int:
    return patch_inputs(graph, node) * LANE_BYTES + 4 * BEHIND


FULLY_CONNECTED_MAC16: Final = Kernel(
    name="fully_connected_mac16",
    operators=(FullyConnected,),
    refusal=dot_refusal,
    shape=_shape,
    data=DOT,
    headers=HEADERS,
    scratch=Scratch("lanes", _scratch_bytes),
    position=False,
    planar=None,
    int16_weights=faster_as_int16,
    events=None,
    proves=None,
    traffic=None,
)
