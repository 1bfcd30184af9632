"""ADD of two tensors of one shape: both operands on a common scale, 20 bits up, then to the output's."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Add
from depthwise.codegen.operators.parameters import add_parameters
from depthwise.codegen.operators.parts import binary

from .elements import elements_of
from .rendered import rendered


def _constants(layer: Layer) -> Constants:
    """All numbers of a sum."""
    found = add_parameters(layer.graph, layer.node)
    return Constants(fields=fields_of(found, *found.__dataclass_fields__))


def shape_refusal(graph: Graph, node: Node) -> str | None:
    """Why a kernel that walks through both operands alike cannot compute a node."""
    if binary.has_two_activations(graph, node):
        return None
    shapes = [str(t.shape) + " (constant)" * (t.data is not None) for t in graph.inputs_of(node)]
    return f"it joins {shapes[0]} and {shapes[1]}"


ADD: Final = Kernel(
    name="add",
    operators=(Add,),
    refusal=shape_refusal,
    shape=elements_of,
    data=LayerData(rendered("dw_add"), _constants),
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("add"),
    proves=None,
    traffic=None,
)
