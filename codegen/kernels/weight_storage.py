"""As what weights are stored: uses of a weight from which on it is stored as int16.

int16 saves a twelfth of the time of dot products on a Cortex-M4, up to a half on MAC16, for twice the flash of their
weights: the time that a byte gains is that of its uses. So ways to store a network differ by the uses from which on it
pays. A kernel that cannot have int16 ignores this.
"""

from collections.abc import Collection, Iterable
from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node

from .kernel import Family

ALWAYS: Final = 0
# Where it pays, unless a family says otherwise: early layers have few weights and take most of the time.
BALANCED: Final = 100
NEVER: Final = 2**31


def has_both(families: Iterable[Family]) -> bool:
    """Tell whether a core has kernels that take int16 weights."""
    return any(kernel.int16_weights is not None for family in families for kernel in family.kernels)


def uses_from(int16_from: int, family: Family) -> int:
    """Uses from which on weights of a family's kernels are int16: a number, or for `BALANCED` what is usual there."""
    return family.int16_from if int16_from == BALANCED else int16_from


def usual_uses(families: Iterable[Family]) -> int:
    """The same for `BALANCED` on a core that has both."""
    return next(uses_from(BALANCED, f) for f in families if has_both((f,)))


def ways_to_store(uses: Collection[int], usual: int = BALANCED) -> tuple[int, ...]:
    """Uses from which on weights are int16, for layers with so many `uses`: each a larger part of them; `BALANCED`.

    The one with the fewest bytes comes first, and each stores other layers as int16 than the one before it. `BALANCED`
    stands for the least that are `usual`.
    """
    levels = sorted(set(uses), reverse=True)
    balanced = min((level for level in levels if level >= usual), default=NEVER)
    return tuple(BALANCED if level == balanced else level for level in (NEVER, *levels))


def uses_of(graph: Graph, node: Node) -> int:
    """How often a layer uses each weight: its positions."""
    return prod(graph.output_of(node).shape[1:-1])
