"""Functions of single elements that are looked up: 256 values, computed beforehand."""

from typing import Final

import numpy as np

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, array
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Abs, Elu, HardSwish, LeakyRelu, Logistic, Table, Tanh
from depthwise.codegen.operators.tables import table_of

from .elements import elements_of
from .rendered import computes_any, rendered


def _constants(layer: Layer) -> Constants:
    """Results by the byte that a value is: those of 0 … 127 come first."""
    values = np.roll(table_of(layer.graph, (layer.node,)), -128)
    return Constants((array("int8_t", "values", "results of 0 to 127, then of -128 to -1", values),))


TABLE: Final = Kernel(
    name="table",
    operators=(Abs, Elu, HardSwish, LeakyRelu, Logistic, Table, Tanh),
    refusal=computes_any,
    shape=elements_of,
    data=LayerData(rendered("dw_table"), _constants),
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("table"),
    proves=None,
    traffic=None,
)
