"""Layers whose sums become outputs on a line, `dw_on_line` in dw_dsp.h: a bias and a multiplier for each channel.

codegen/arithmetic/thresholds.py finds and proves them, for all sums that int8 inputs can give. A clamp that has one of
int8's ends alone has lines that are moved, so that SSAT finds its other end too: QSUB8 moves outputs back.
"""

from functools import lru_cache

from depthwise.codegen.arithmetic.thresholds import FACTOR, solve
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.sums import Sums, int64, sums_of
from depthwise.codegen.kernels.weighted import FULL, offset_refusal
from depthwise.codegen.operators.parameters import ConvParameters, conv_parameters

Integers = tuple[int, ...]


def lines_of(graph: Graph, node: Node) -> tuple[Integers, Integers] | None:
    """Biases, for 256 times the sums of w·x, and multipliers of all channels; None if a channel has no line.

    Looked for where the clamp hides the second rounding's correction: elsewhere hardly a channel has one.
    """
    return None if moved_by(conv_parameters(graph, node)) else moved_lines_of(graph, node)


def is_on_line(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line."""
    return lines_of(graph, node) is not None


def moved_by(p: ConvParameters) -> int:
    """By how much lines of a clamp that has one of int8's ends lie above outputs: 0 if it has both."""
    return ~(p.minimum + p.maximum)


def moved_lines_of(graph: Graph, node: Node) -> tuple[Integers, Integers] | None:
    """The same for all clamps whose lines may be moved, of kernels that move outputs back."""
    p = conv_parameters(graph, node)
    one_end = p.minimum == FULL[0] or p.maximum == FULL[1]
    if p.output_zero_point > p.minimum or not one_end or offset_refusal(node) is not None:
        return None
    return _solved(sums_of(graph, node)) if FULL[0] <= moved_by(p) <= FULL[1] else None


def is_on_moved_line(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line that may be moved."""
    return moved_lines_of(graph, node) is not None


@lru_cache(maxsize=256)
def _solved(sums: Sums) -> tuple[Integers, Integers] | None:
    """Lines by all that they depend on: a layer's shape, data and time each ask for them."""
    lines = solve(sums.steps, moved_by(sums.parameters))
    if not lines.solved.all():
        return None
    return tuple((FACTOR * int64(sums.biases) + lines.biases).tolist()), tuple(lines.multipliers.tolist())
