"""LOG_SOFTMAX of vectors."""

from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import LogSoftmax
from depthwise.codegen.operators.parameters import log_softmax_parameters

from .rendered import computes_any, rendered
from .vectors import vectors_of


def _constants(layer: Layer) -> Constants:
    found = log_softmax_parameters(layer.graph, layer.node)
    return Constants(fields=fields_of(found, *found.__dataclass_fields__))


LOG_SOFTMAX: Final = Kernel(
    name="log_softmax",
    operators=(LogSoftmax,),
    refusal=computes_any,
    shape=vectors_of,
    data=LayerData(rendered("dw_log_softmax"), _constants),
    headers=("dw_softmax.h", "dw_log_softmax.h"),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("log_softmax"),
    proves=None,
    traffic=None,
)
