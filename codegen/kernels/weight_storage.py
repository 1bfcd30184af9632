"""As what weights are stored: uses of a weight from which on it is stored as int16.

int16 saves a twelfth of the time of dot products, for twice the flash of their weights. A kernel that cannot have
them so ignores this.
"""

from collections.abc import Iterable
from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node

from .kernel import Family

ALWAYS: Final = 0
BALANCED: Final = 100  # where it pays: early layers have few weights and take most of the time
NEVER: Final = 2**31


def ways_to_store(families: Iterable[Family]) -> tuple[int, ...]:
    """Storages that differ with a core's kernels, the one with the fewest bytes first."""
    both = any(kernel.int16_weights for family in families for kernel in family.kernels)
    return (NEVER, BALANCED, ALWAYS) if both else (BALANCED,)


def uses_of(graph: Graph, node: Node) -> int:
    """How often a layer uses each weight: its positions."""
    return prod(graph.output_of(node).shape[1:-1])
