"""The data of kernels that go from one quantization to another."""

from collections.abc import Callable
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Layer, LayerData, Struct
from depthwise.codegen.operators.parameters import RequantizeParameters

from .rendered import rendered

RESCALE: Final[Struct] = rendered("dw_rescale")


def rescaling(parameters: Callable[[Graph, Node], RequantizeParameters]) -> LayerData:
    """Fields of `struct dw_rescale` from a node's parameters."""

    def constants(layer: Layer) -> Constants:
        found = parameters(layer.graph, layer.node)
        return Constants(fields=fields_of(found, "input_zero_point", "output_zero_point", "multiplier", "shift"))

    return LayerData(RESCALE, constants)
