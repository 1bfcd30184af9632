"""What the pools share: their shape and their clamp."""

from typing import Final

from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Layer, LayerData
from depthwise.codegen.operators import AveragePool2D, MaxPool2D
from depthwise.codegen.operators.parameters import pool_parameters

from .rendered import rendered
from .window import WindowShape, window_of


def pool_window(layer: Layer) -> WindowShape:
    """Shape of a pool's function."""
    op = layer.node.op
    assert isinstance(op, AveragePool2D | MaxPool2D)
    return window_of(layer, taps=op.kernel, stride=op.stride, pads=op.pads)


def _constants(layer: Layer) -> Constants:
    return Constants(fields=fields_of(pool_parameters(layer.graph, layer.node), "minimum", "maximum"))


CLAMP: Final = LayerData(rendered("dw_clamp"), _constants)
