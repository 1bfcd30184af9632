"""Layers whose sums become outputs on a line, `dw_on_line` in dw_dsp.h: a bias and a multiplier for each channel.

codegen/arithmetic/thresholds.py finds and proves them, for all sums that int8 inputs can give.
"""

from functools import lru_cache

from depthwise.codegen.arithmetic.thresholds import FACTOR, solve
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.sums import Sums, int64, sums_of
from depthwise.codegen.kernels.weighted import FULL, is_signed, offset_refusal
from depthwise.codegen.operators.parameters import conv_parameters

Integers = tuple[int, ...]


def lines_of(graph: Graph, node: Node) -> tuple[Integers, Integers] | None:
    """Biases, for 256 times the sums of w·x, and multipliers of all channels; None if a channel has no line.

    Looked for where the clamp hides the second rounding's correction: elsewhere hardly a channel has one.
    """
    p = conv_parameters(graph, node)
    if (p.minimum, p.maximum) != FULL or is_signed(p) or offset_refusal(node) is not None:
        return None
    return _solved(sums_of(graph, node))


def is_on_line(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line."""
    return lines_of(graph, node) is not None


@lru_cache(maxsize=256)
def _solved(sums: Sums) -> tuple[Integers, Integers] | None:
    """Lines by all that they depend on: a layer's shape, data and time each ask for them."""
    lines = solve(sums.steps)
    if not lines.solved.all():
        return None
    return tuple((FACTOR * int64(sums.biases) + lines.biases).tolist()), tuple(lines.multipliers.tolist())
