"""What the pools share: their shape and their clamp."""

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Final

from depthwise.codegen.graph import Pads
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Events, Layer, LayerData
from depthwise.codegen.operators import AveragePool2D, MaxPool2D
from depthwise.codegen.operators.parameters import pool_parameters

from .rendered import rendered
from .window import WindowShape, window_of


def pool_window(layer: Layer) -> WindowShape:
    """Shape of a pool's function."""
    op = layer.node.op
    assert isinstance(op, AveragePool2D | MaxPool2D)
    shape = window_of(layer, taps=op.kernel, stride=op.stride, pads=op.pads)
    return replace(shape, halves_up=int(isinstance(op, AveragePool2D) and op.halves_up))


def pool_events(name: str) -> Callable[[Layer], Events]:
    """Events of a pool: elements with their first tap, and further taps, each checked where there is padding."""

    def events(layer: Layer) -> Events:
        op, elements = layer.node.op, layer.output.elements
        assert isinstance(op, AveragePool2D | MaxPool2D)
        tap, element = f"{name} tap at a border", f"{name} element"
        if op.pads == Pads():
            tap, element = f"{name} tap", f"{name} element inside"
        return with_calls(layer, CALL, {tap: elements * (prod(op.kernel) - 1), element: elements})

    return events


def _constants(layer: Layer) -> Constants:
    return Constants(fields=fields_of(pool_parameters(layer.graph, layer.node), "minimum", "maximum"))


CLAMP: Final = LayerData(rendered("dw_clamp"), _constants)
