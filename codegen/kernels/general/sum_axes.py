"""MEAN and SUM along any axes."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel
from depthwise.codegen.operators import Mean, Sum
from depthwise.codegen.operators.parameters import RequantizeParameters, mean_parameters, requantize_parameters

from .mean import MEAN
from .reduction import axes_refusal, reduced_axes, reduced_rows, rows_refusal
from .rescale import rescaling


def _parameters(graph: Graph, node: Node) -> RequantizeParameters:
    return (mean_parameters if isinstance(node.op, Mean) else requantize_parameters)(graph, node)


def _rows_refusal(graph: Graph, node: Node) -> str | None:
    if isinstance(node.op, Mean) and MEAN.refusal(graph, node) is None:
        return "it is a mean over height and width"
    return rows_refusal(graph, node)


SUM_AXES: Final = Kernel(
    name="sum_axes",
    operators=(Mean, Sum),
    refusal=axes_refusal,
    shape=reduced_axes,
    data=rescaling(_parameters),
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("sum_axes"),
    proves=None,
    traffic=None,
)
SUM_ROWS: Final = replace(
    SUM_AXES,
    name="sum_rows",
    refusal=_rows_refusal,
    shape=reduced_rows,
    position=True,
    events=counted("sum_rows"),
)
