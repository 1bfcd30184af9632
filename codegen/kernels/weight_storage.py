"""As what weights are stored: uses of a weight from which on it is stored as int16.

int16 saves a twelfth of the time of dot products, for twice the flash of their weights: the time that a byte gains is
that of its uses. So ways to store a network differ by the uses from which on it pays. A kernel that cannot have int16
ignores this.
"""

from collections.abc import Collection, Iterable
from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node

from .kernel import Family

ALWAYS: Final = 0
BALANCED: Final = 100  # where it pays: early layers have few weights and take most of the time
NEVER: Final = 2**31


def has_both(families: Iterable[Family]) -> bool:
    """Tell whether a core has kernels that take int16 weights."""
    return any(kernel.int16_weights is not None for family in families for kernel in family.kernels)


def ways_to_store(uses: Collection[int]) -> tuple[int, ...]:
    """Uses from which on weights are int16, for layers with so many `uses`: each a larger part of them; `BALANCED`.

    The one with the fewest bytes comes first, and each stores other layers as int16 than the one before it.
    """
    levels = sorted(set(uses), reverse=True)
    balanced = min((level for level in levels if level >= BALANCED), default=NEVER)
    return tuple(BALANCED if level == balanced else level for level in (NEVER, *levels))


def uses_of(graph: Graph, node: Node) -> int:
    """How often a layer uses each weight: its positions."""
    return prod(graph.output_of(node).shape[1:-1])
