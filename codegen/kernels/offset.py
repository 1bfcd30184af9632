"""Weights with a zero point, for kernels of int8: each is an int8 and a number that all of a layer have in common.

A weight less its zero point is within -255 … 255. With w = w' + c, Σ w·x is Σ w'·x + c·Σ x: what the inputs of an
output add up to is the same for all channels of a pixel, found once, and all channels are computed as any others are.
The range of a layer's weights is that of a byte, so that there always is such a c; 0 or the nearest to it is taken.

In a depthwise layer no two channels see the same inputs: there weights are int16.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import LARGEST
from depthwise.codegen.arithmetic.thresholds import FACTOR, solve
from depthwise.codegen.graph import Array, Graph, Node, Tensor
from depthwise.codegen.operators.bounds import largest_accumulator
from depthwise.codegen.operators.parts.weights import weight_zero_point

from .dsp.lines import lines_of as lines_without_offset
from .kernel import Layer
from .sums import Sums, int64, sums_of
from .weighted import FULL, is_signed, offset_refusal, parameters_of, weights_in, without_offset

LEAST: Final = -128
INPUT: Final = 128  # of an int8 input at most, without its sign
Integers = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """A layer's weights less what they have in `common`, int8 in the layout of the model."""

    weights: Array
    common: int


def parted(graph: Graph, node: Node) -> Parted:
    """Weights of a layer in two parts; nothing is in common where they have no zero point."""
    return _parted(graph.tensors[node.inputs[1]], weight_zero_point(node.op))


@lru_cache(maxsize=64)
def _parted(tensor: Tensor, zero_point: int) -> Parted:
    weights = weights_in(tensor, zero_point)
    if zero_point == 0:
        return Parted(weights, 0)
    least, most = int(weights.min()), int(weights.max())
    # -128 beside -128 is what kernels of pairs refuse: it is there only where the range has all of a byte.
    lowest = LEAST + 1 if most - least < FULL[1] - LEAST else LEAST
    common = min(max(0, most - FULL[1]), least - lowest)
    return Parted((weights - common).astype(np.int8), common)


def parted_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer's sums cannot be added up in two parts."""
    reason = without_offset(graph, node)
    if reason is not None:
        return reason
    inputs = prod(graph.tensors[node.inputs[1]].shape[1:])
    reached = largest_accumulator(graph, node) + abs(parted(graph, node).common) * INPUT * inputs
    if reached > LARGEST:
        return f"its sums in two parts can reach {reached:,}, int32 holds {LARGEST:,}"
    return None


def lines_of(graph: Graph, node: Node) -> tuple[Integers, Integers] | None:
    """Lines as those of the DSP extension, of layers whose weights have a zero point too."""
    if offset_refusal(node) is None:
        return lines_without_offset(graph, node)
    p = parameters_of(Layer(graph, node))
    if is_signed(p):
        return None
    return _solved(sums_of(graph, node))


def is_on_line(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line."""
    return lines_of(graph, node) is not None


@lru_cache(maxsize=64)
def _solved(sums: Sums) -> tuple[Integers, Integers] | None:
    lines = solve(sums.steps)
    if not lines.solved.all():
        return None
    biases = FACTOR * int64(sums.biases) + lines.biases
    return tuple(biases.tolist()), tuple(lines.multipliers.tolist())
