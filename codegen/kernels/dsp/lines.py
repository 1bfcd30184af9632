"""Layers whose sums become outputs on a line, `dw_on_line` in dw_dsp.h: a bias and a multiplier for each channel.

codegen/arithmetic/thresholds.py finds and proves them, for all sums that int8 inputs can give. A clamp that has one of
int8's ends alone has lines that are moved, so that SSAT finds its other end too: QSUB8 moves outputs back. Lines of any
other clamp are held: USAT finds the lower end, UQADD8 the upper one.
"""

from functools import lru_cache
from typing import Final, Literal

from depthwise.codegen.arithmetic.thresholds import FACTOR, solve
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.sums import Sums, int64, sums_of
from depthwise.codegen.kernels.weighted import FULL, offset_refusal
from depthwise.codegen.operators import Conv2D
from depthwise.codegen.operators.parameters import ConvParameters, conv_parameters

Integers = tuple[int, ...]
LineKind = Literal["line", "moved", "held"]
KINDS: Final[tuple[LineKind, ...]] = ("line", "moved", "held")


def lines_of(graph: Graph, node: Node) -> tuple[Integers, Integers] | None:
    """Biases, for 256 times the sums of w·x, and multipliers of all channels; None if a channel has no line.

    Looked for where the clamp hides the second rounding's correction: elsewhere hardly a channel has one.
    """
    return moved_lines_of(graph, node) if kind_of(conv_parameters(graph, node)) == "line" else None


def is_on_line(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line."""
    return lines_of(graph, node) is not None


def kind_of(p: ConvParameters) -> LineKind:
    """Which lines a clamp has: QSUB8 takes off an int8."""
    if (p.minimum, p.maximum) == FULL:
        return "line"
    one_end = p.minimum == FULL[0] or p.maximum == FULL[1]
    return "moved" if one_end and FULL[0] <= ~(p.minimum + p.maximum) <= FULL[1] else "held"


def moved_by(p: ConvParameters) -> int:
    """By how much lines of a clamp lie above outputs: 0 if it is int8's."""
    return -p.minimum if kind_of(p) == "held" else ~(p.minimum + p.maximum)


def room_above(p: ConvParameters) -> int:
    """By how many outputs 256 are more than those of a clamp."""
    return FULL[1] - FULL[0] - (p.maximum - p.minimum)


def moved_lines_of(graph: Graph, node: Node) -> tuple[Integers, Integers] | None:
    """The same for all clamps, of kernels that move outputs back."""
    p = conv_parameters(graph, node)
    if p.output_zero_point > p.minimum or offset_refusal(node) is not None or _has_border(node):
        return None
    return _solved(sums_of(graph, node))


def is_on_moved_line(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line that may be moved."""
    return moved_lines_of(graph, node) is not None


def _has_border(node: Node) -> bool:
    """Tell whether biases depend on the position."""
    return isinstance(node.op, Conv2D) and node.op.border is not None


@lru_cache(maxsize=256)
def _solved(sums: Sums) -> tuple[Integers, Integers] | None:
    """Lines by all that they depend on: a layer's shape, data and time each ask for them."""
    p = sums.parameters
    lines = solve(sums.steps, moved_by(p), held=kind_of(p) == "held")
    if not lines.solved.all():
        return None
    return tuple((FACTOR * int64(sums.biases) + lines.biases).tolist()), tuple(lines.multipliers.tolist())
