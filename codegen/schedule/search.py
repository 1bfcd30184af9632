"""Ways to cut a network into pipelines: the ones worth looking at, each planned."""

from collections.abc import Iterator
from itertools import pairwise

from depthwise.codegen.graph import Graph

from .placement import RowPlan, plan_rows
from .simulate import Segments

Cuts = frozenset[int]


def search(graph: Graph, scratch_bytes: int = 0) -> tuple[RowPlan, ...]:
    """Plans to choose from, each way of cutting once: first rows then whole tensors, and better ones near the best.

    A cut is a node at which one pipeline ends and the next begins; with every cut, each layer runs by itself: whole
    tensors. The search starts from `k` layers in one pipeline and the rest whole, for every k, takes the one with
    the least RAM, and sets or removes one cut after another as long as that saves RAM. It finds no proven optimum.
    """
    tried: dict[Cuts, RowPlan] = {}

    def size(cuts: Cuts) -> tuple[int, int]:
        if cuts not in tried:
            tried[cuts] = plan_rows(graph, _segments(graph, cuts), scratch_bytes=scratch_bytes)
        return tried[cuts].arena_bytes, -len(cuts)

    best = min(_starts(graph), key=size)
    while True:
        near = min((best ^ {cut} for cut in range(1, len(graph.nodes))), key=size, default=best)
        if size(near) >= size(best):
            return tuple(tried.values())
        best = near


def _starts(graph: Graph) -> Iterator[Cuts]:
    count = len(graph.nodes)
    for first in range(1, count + 1):
        yield frozenset(range(first, count))


def _segments(graph: Graph, cuts: Cuts) -> Segments:
    return tuple(pairwise([0, *sorted(cuts), len(graph.nodes)]))
