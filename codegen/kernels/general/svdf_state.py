"""SVDF, its first half: the memory moves on, and takes in the feature filters' sums."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, array, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import SvdfState
from depthwise.codegen.operators.parameters import svdf_state_parameters

from .rendered import computes_any, rendered

FIELDS: Final = ("input_zero_point", "zero_point", "multiplier", "shift", "minimum", "maximum")


@dataclass(frozen=True, slots=True)
class Filters:
    """Feature filters, what each reads, how many steps are kept of each, and as which type of C."""

    filters: int
    inputs: int
    steps: int
    ctype: str


def feature_weights(graph: Graph, node: Node) -> Array:
    """Weights [F, I] of the feature filters."""
    weights = graph.tensors[node.inputs[2]].data
    assert weights is not None
    return weights


def _shape(layer: Layer) -> Filters:
    filters, inputs = feature_weights(layer.graph, layer.node).shape
    return Filters(filters, inputs, layer.output.elements // filters, f"{layer.output.dtype.value}_t")


def _constants(layer: Layer) -> Constants:
    weights = array("int8_t", "weights", "feature weights [F][I]", feature_weights(layer.graph, layer.node))
    return Constants((weights,), fields_of(svdf_state_parameters(layer.graph, layer.node), *FIELDS))


SVDF_STATE: Final = Kernel(
    name="svdf_state",
    operators=(SvdfState,),
    refusal=computes_any,
    shape=_shape,
    data=LayerData(rendered("dw_svdf_state"), _constants),
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("svdf_state"),
    proves=None,
    traffic=None,
)
