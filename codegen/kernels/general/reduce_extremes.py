"""REDUCE_MAX and REDUCE_MIN along any axes."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import ReduceMax, ReduceMin

from .reduction import ReducedAxes, ReducedRows, axes_refusal, reduced_axes, reduced_rows, rows_refusal


def _sign(layer: Layer) -> str:
    return ">" if isinstance(layer.node.op, ReduceMax) else "<"


def _axes(layer: Layer) -> ReducedAxes:
    return reduced_axes(layer, _sign(layer))


def _rows(layer: Layer) -> ReducedRows:
    return reduced_rows(layer, _sign(layer))


EXTREME_AXES: Final = Kernel(
    name="extreme_axes",
    operators=(ReduceMax, ReduceMin),
    refusal=axes_refusal,
    shape=_axes,
    data=None,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("extreme_axes"),
    proves=None,
    traffic=None,
)
EXTREME_ROWS: Final = replace(
    EXTREME_AXES,
    name="extreme_rows",
    refusal=rows_refusal,
    shape=_rows,
    position=True,
    events=counted("extreme_rows"),
)
