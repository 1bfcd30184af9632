"""PRELU: requantization by one of two multipliers."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, array, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Prelu
from depthwise.codegen.operators.parameters import prelu_parameters

from .rendered import computes_any, rendered


@dataclass(frozen=True, slots=True)
class Slopes:
    """Elements of a row, after how many of them alpha repeats, and how far apart alphas of two rows lie."""

    count: int
    period: int
    apart: int


def _alpha(layer: Layer) -> Array:
    """Alpha as [rows or 1, elements until it repeats]."""
    alpha, out = layer.graph.inputs_of(layer.node)[1].data, layer.output
    assert alpha is not None
    wide = alpha.reshape((1,) * (len(out.shape) - alpha.ndim) + alpha.shape)
    first = 2 if out.rows > 1 else 0  # axis where a row begins
    rows, within = (wide.shape[1] if first else 1), out.shape[first:]
    inner = wide.shape[first:]
    axis = next((i for i, n in enumerate(inner) if n > 1), len(inner))
    repeated = np.broadcast_to(wide.reshape(rows, *inner), (rows, *inner[:axis], *within[axis:]))
    return np.ascontiguousarray(repeated.reshape(rows, -1))


def _shape(layer: Layer) -> Slopes:
    rows, period = _alpha(layer).shape
    return Slopes(layer.output.row_bytes, period, period if rows > 1 else 0)


def _constants(layer: Layer) -> Constants:
    found = prelu_parameters(layer.graph, layer.node)
    alpha = array("int8_t", "alpha", "slopes of negative values", _alpha(layer))
    return Constants((alpha,), fields_of(found, *found.__dataclass_fields__))


PRELU: Final = Kernel(
    name="prelu",
    operators=(Prelu,),
    refusal=computes_any,
    shape=_shape,
    data=LayerData(rendered("dw_prelu"), _constants),
    headers=(),
    scratch=None,
    position=True,
    planar=None,
    int16_weights=None,
    events=counted("prelu"),
    proves=None,
    traffic=None,
)
