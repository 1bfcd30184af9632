"""Layers whose sums become outputs on a line, `dw_on_line` in dw_dsp.h: a bias and a multiplier for each channel.

codegen/arithmetic/thresholds.py finds and proves them, for all sums that int8 inputs can give.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from depthwise.codegen import operators
from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.arithmetic.thresholds import FACTOR, Lines, Steps, solve
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import FULL, folded_bias, is_signed, offset_refusal, weights_of
from depthwise.codegen.operators.parameters import ConvParameters, conv_parameters

Integers = tuple[int, ...]


def lines_of(graph: Graph, node: Node) -> tuple[Integers, Integers] | None:
    """Biases, for 256 times the sums of w·x, and multipliers of all channels; None if a channel has no line.

    Looked for where the clamp hides the second rounding's correction: elsewhere hardly a channel has one.
    """
    p = conv_parameters(graph, node)
    if (p.minimum, p.maximum) != FULL or is_signed(p) or offset_refusal(node) is not None:
        return None
    bias = folded_bias(Layer(graph, node))
    weights = weights_of(graph, node).astype(np.int64)
    within = operators.weights_of(node.op).within_filter
    least, most = (f(-128 * weights, 127 * weights).sum(axis=within).ravel() for f in (np.minimum, np.maximum))
    lines = _solved(p, bias, tuple(least.tolist()), tuple(most.tolist()))
    if not lines.solved.all():
        return None
    return tuple((FACTOR * np.array(bias) + lines.biases).tolist()), tuple(lines.multipliers.tolist())


@lru_cache(maxsize=256)
def _solved(p: ConvParameters, bias: Integers, least: Integers, most: Integers) -> Lines:
    """Lines by all that they depend on: a layer's shape, data and time each ask for them."""
    low, high = (_array(bias) + _array(end) for end in (least, most))
    scale = _array(p.multipliers), _array(p.shifts)
    return solve(Steps(*scale, low, high, p.output_zero_point, p.minimum, p.maximum))


def _array(values: Sequence[int]) -> Int64:
    return np.array(values, np.int64)
