"""The sums of a layer with weights that int8 inputs can give, and what becomes of them: what scaling is proved for."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.arithmetic.thresholds import Steps
from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import weights_of as weights_room
from depthwise.codegen.operators.parameters import ConvParameters
from depthwise.codegen.operators.parts.weights import Weights, weight_zero_point

from .kernel import Layer
from .weighted import folded_bias, parameters_of, weights_in

LEAST: Final = -128  # of an int8 input
MOST: Final = 127
Ends = tuple[tuple[int, ...], tuple[int, ...]]


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
    return Sums(parameters_of(layer), folded_bias(layer), *_ends_of(graph, node))


def _ends_of(graph: Graph, node: Node) -> Ends:
    """Least and most of each channel's sums."""
    return _ends(weights_room(node.op), graph.tensors[node.inputs[1]], weight_zero_point(node.op))


@lru_cache(maxsize=256)
def _ends(room: Weights, tensor: Tensor, zero_point: int) -> Ends:
    """The same, remembered by the very weights: many kernels ask."""
    weights = weights_in(tensor, zero_point).astype(np.int64)
    within = room.within_filter
    most = np.maximum(weights * LEAST, weights * MOST).sum(axis=within)
    least = np.minimum(weights * LEAST, weights * MOST).sum(axis=within)
    return tuple(least.ravel().tolist()), tuple(most.ravel().tolist())


def int64(values: tuple[int, ...]) -> Int64:
    """Integers as an array."""
    return np.array(values, np.int64)
