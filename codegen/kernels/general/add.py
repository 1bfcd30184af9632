"""ADD: both operands on a common scale, 20 bits up, then to the output's."""

from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Add
from depthwise.codegen.operators.parameters import add_parameters

from .elements import elements_of
from .rendered import computes_any, rendered


def addition_constants(layer: Layer) -> Constants:
    """All numbers of a sum."""
    found = add_parameters(layer.graph, layer.node)
    return Constants(fields=fields_of(found, *found.__dataclass_fields__))


ADD: Final = Kernel(
    name="add",
    operators=(Add,),
    refusal=computes_any,
    shape=elements_of,
    data=LayerData(rendered("dw_add"), addition_constants),
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=counted("add"),
)
