"""RELU, RELU6 and RELU_N1_TO_1: requantization and a clamp."""

from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Relu, Relu6, ReluN1To1
from depthwise.codegen.operators.parameters import relu_parameters

from .elements import elements_of
from .rendered import computes_any, rendered


def _constants(layer: Layer) -> Constants:
    found = relu_parameters(layer.graph, layer.node)
    return Constants(fields=fields_of(found, *found.__dataclass_fields__))


RELU: Final = Kernel(
    name="relu",
    operators=(Relu, Relu6, ReluN1To1),
    refusal=computes_any,
    shape=elements_of,
    data=LayerData(rendered("dw_relu"), _constants),
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("relu"),
    proves=None,
    traffic=None,
)
