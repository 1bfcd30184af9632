"""CONV_2D whose bias depends on the position: bias[border_rows[y]][border_columns[x]][o]."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.data import Constants, array
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Border, Conv2D

from . import conv_2d
from .rendered import rendered
from .weights import by_output
from .window import WindowShape


def _refusal(graph: Graph, node: Node) -> str | None:  # noqa: ARG001
    assert isinstance(node.op, Conv2D)
    return "its bias does not depend on the position" if node.op.border is None else None


def _border(layer: Layer) -> Border:
    op = layer.node.op
    assert isinstance(op, Conv2D)
    assert op.border is not None
    return op.border


def _shape(layer: Layer) -> WindowShape:
    return replace(conv_2d.shape(layer), border_columns=max(_border(layer).columns) + 1)


def _constants(layer: Layer) -> Constants:
    found, border = by_output(layer), _border(layer)
    tables = (
        array("uint16_t", "border_rows", "row of the bias table for each output row", border.rows),
        array("uint16_t", "border_columns", "column of the bias table for each output column", border.columns),
    )
    return replace(found, arrays=(*found.arrays, *tables))


CONV_2D_BORDER: Final = Kernel(
    name="conv_2d_border",
    operators=(Conv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(rendered("dw_conv_border"), _constants),
    headers=(),
    scratch=None,
    position=True,
    planar=None,
    int16_weights=None,
    events=counted("conv_2d_border", WINDOW_CALL),
    proves=None,
    traffic=None,
)
