"""SOFTMAX of vectors."""

from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Softmax
from depthwise.codegen.operators.parameters import softmax_parameters

from .rendered import computes_any, rendered
from .vectors import vectors_of


def _constants(layer: Layer) -> Constants:
    found = softmax_parameters(layer.graph, layer.node)
    return Constants(fields=fields_of(found, "multiplier", "shift", "diff_min"))


SOFTMAX: Final = Kernel(
    name="softmax",
    operators=(Softmax,),
    refusal=computes_any,
    shape=vectors_of,
    data=LayerData(rendered("dw_softmax"), _constants),
    headers=("dw_softmax.h",),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=counted("softmax"),
)
