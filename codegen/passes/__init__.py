"""Graph to Graph rewrites that never change an output bit."""

from depthwise.codegen.graph import Graph

from .dead import drop_dead
from .ends import strip_ends
from .fold_constants import fold_constants


def lower(graph: Graph) -> Graph:
    """Bring a graph to what code is made from: int8 from end to end, nothing constant, nothing unread."""
    return drop_dead(strip_ends(fold_constants(graph)))


__all__ = ["drop_dead", "fold_constants", "lower", "strip_ends"]
