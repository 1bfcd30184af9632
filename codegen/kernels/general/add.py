"""ADD: both operands on a common scale, 20 bits up, then to the output's."""

from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Add
from depthwise.codegen.operators.parameters import add_parameters

from .elements import elements_of
from .rendered import computes_any, rendered


def _constants(layer: Layer) -> Constants:
    found = add_parameters(layer.graph, layer.node)
    return Constants(fields=fields_of(found, *found.__dataclass_fields__))


ADD_DATA: Final = LayerData(rendered("dw_add"), _constants)
ADD: Final = Kernel(
    name="add",
    operators=(Add,),
    refusal=computes_any,
    shape=elements_of,
    data=ADD_DATA,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=counted("add"),
)
