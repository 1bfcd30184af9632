"""The sums of a layer with weights that int8 inputs can give, and what becomes of them: what scaling is proved for."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.arithmetic.thresholds import Steps
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import weights_of as weights_room
from depthwise.codegen.operators.parameters import ConvParameters

from .kernel import Layer
from .weighted import folded_bias, parameters_of, weights_of

LEAST: Final = -128  # of an int8 input
MOST: Final = 127


@dataclass(frozen=True, slots=True)
class Sums:
    """Scaling, biases for sums of w·x, and the ends of these sums, [C] each."""

    parameters: ConvParameters
    biases: tuple[int, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]

    @property
    def steps(self) -> Steps:
        """Plain form of the layer's channels."""
        p, biases = self.parameters, int64(self.biases)
        return Steps(
            multipliers=int64(p.multipliers),
            shifts=int64(p.shifts),
            low=int64(self.least) + biases,
            high=int64(self.most) + biases,
            zero_point=p.output_zero_point,
            minimum=p.minimum,
            maximum=p.maximum,
        )


def sums_of(graph: Graph, node: Node) -> Sums:
    """Sums of a layer, as a value that lines can be remembered by."""
    layer = Layer(graph, node)
    weights = weights_of(graph, node).astype(np.int64)
    within = weights_room(node.op).within_filter
    most = np.maximum(weights * LEAST, weights * MOST).sum(axis=within)
    least = np.minimum(weights * LEAST, weights * MOST).sum(axis=within)
    return Sums(parameters_of(layer), folded_bias(layer), tuple(least.ravel().tolist()), tuple(most.ravel().tolist()))


def int64(values: tuple[int, ...]) -> Int64:
    """Integers as an array."""
    return np.array(values, np.int64)
