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
    return moved_lines_of(graph, node) if kind_of(graph, node) == "line" else None


def is_on_line(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line."""
    return lines_of(graph, node) is not None


def moved_lines_of(graph: Graph, node: Node) -> tuple[Integers, Integers] | None:
    """The same for all clamps, of kernels that move outputs back."""
    found = _found(graph, node)
    return None if found is None else found[1:]


def is_on_moved_line(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line that may be moved or held."""
    return moved_lines_of(graph, node) is not None


def kind_of(graph: Graph, node: Node) -> LineKind | None:
    """Which lines all channels have."""
    found = _found(graph, node)
    return None if found is None else found[0]


def moved_by(p: ConvParameters, kind: LineKind) -> int:
    """By how much lines lie above outputs: 0 if the clamp is int8's and they are not held."""
    return -p.minimum if kind == "held" else ~(p.minimum + p.maximum)


def room_above(p: ConvParameters) -> int:
    """By how many outputs 256 are more than those of a clamp."""
    return FULL[1] - FULL[0] - (p.maximum - p.minimum)


def _found(graph: Graph, node: Node) -> tuple[LineKind, Integers, Integers] | None:
    """Lines of a layer that may have some."""
    p = conv_parameters(graph, node)
    if p.output_zero_point > p.minimum or offset_refusal(node) is not None or _has_border(node):
        return None
    return _solved(sums_of(graph, node))


def _has_border(node: Node) -> bool:
    """Tell whether biases depend on the position."""
    return isinstance(node.op, Conv2D) and node.op.border is not None


def kinds_of(p: ConvParameters) -> tuple[LineKind, ...]:
    """Which lines a clamp may have, the fastest first: QSUB8 takes off an int8.

    Where outputs are few and close to int8's lower end those that are held alone may be within int32.
    """
    if (p.minimum, p.maximum) == FULL:
        return "line", "held"
    one_end = p.minimum == FULL[0] or p.maximum == FULL[1]
    fits = one_end and FULL[0] <= moved_by(p, "moved") <= FULL[1]
    return ("moved", "held") if fits else ("held",)


@lru_cache(maxsize=256)
def _solved(sums: Sums) -> tuple[LineKind, Integers, Integers] | None:
    """Lines by all that they depend on: a layer's shape, data and time each ask for them."""
    for kind in kinds_of(sums.parameters):
        lines = solve(sums.steps, moved_by(sums.parameters, kind), held=kind == "held")
        if lines.solved.all():
            biases = FACTOR * int64(sums.biases) + lines.biases
            return kind, tuple(biases.tolist()), tuple(lines.multipliers.tolist())
    return None
