"""Ways to cut a network into pipelines: the ones worth looking at, and of these the ones that no other beats."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from depthwise.codegen.graph import Graph

from .partition import partition
from .placement import RowPlan
from .planner import Planner
from .simulate import Segments
from .views import Viewing

Cuts = frozenset[int]
Report = Callable[[int, int], None]  # is told how many ways are behind, and of how many as far as is known


def nobody(_done: int, _of: int) -> None:
    """Is told in vain."""


def search(graph: Graph, report: Report = nobody) -> tuple[RowPlan, ...]:
    """Plans to choose from: no other one that was tried has both less RAM and fewer entries of the order.

    A cut is a node at which one pipeline ends and the next begins; with every cut, each layer runs by itself: whole
    tensors. The search looks at `k` layers in one pipeline and the rest whole, for every k, takes the one with the
    least RAM, and sets or removes one cut after another as long as that saves RAM; and the same from the cuts of which
    the fullest segment is least full (partition.py), where they promise less. It finds no proven optimum. Where nodes
    can be views (views.py), it looks at plans without them first, and from the best of these on at plans with them.
    """
    viewing = Viewing(graph)
    found = _Found(viewing.copying, report)
    first, *more = _starts(graph)
    found.look(found.best(first, more))
    cuts = list(found.front)
    if viewing.seeing.views != viewing.copying.views:
        seen = _Found(viewing.seeing, report, told=found.told)
        seen.look(seen.best(found.least(), [*cuts, first, *more]))
        cuts += seen.front
    return tuple(viewing.plan(_segments(graph, each)) for each in dict.fromkeys(cuts))


@dataclass(slots=True)
class _Found:
    """What was tried: the size of each way, where that could matter, and those that no other beats."""

    planner: Planner
    report: Report
    sizes: dict[Cuts, int] = field(default_factory=dict)
    front: dict[Cuts, tuple[int, int]] = field(default_factory=dict)
    told: int = 0

    def size(self, cuts: Cuts, most: int | None = None) -> tuple[int, int]:
        """RAM, and for ways that take as much, more cuts first; RAM above `most` need not be exact."""
        if cuts not in self.sizes:
            self.sizes[cuts] = self._arena(cuts, most)
        return self.sizes[cuts], -len(cuts)

    def best(self, best: Cuts, ways: Sequence[Cuts]) -> Cuts:
        """The smallest of a way and of others; of equal ones the first."""
        least = self.size(best)
        for number, cuts in enumerate(ways):
            self.tell(len(ways) - number)
            size = self.size(cuts, least[0])
            if size < least:
                best, least = cuts, size
        return best

    def look(self, best: Cuts) -> None:
        """Look for less RAM from a way on, and from the cuts of which the fullest segment is least full."""
        best = self.descend(best, splits=True)
        parts = partition(self.planner, self.size(best)[0], self.tell)
        if parts is not None:
            self.descend(self.best(best, [frozenset(start for start, _ in parts[1:])]), splits=False)

    def least(self) -> Cuts:
        """The way with the least RAM, of equal ones the one with the fewest entries."""
        return min(self.front, key=self.front.__getitem__)

    def descend(self, best: Cuts, *, splits: bool) -> Cuts:
        """Set or remove one cut after another, the best one first while that saves RAM, or `splits` for nothing."""
        while True:
            near = self.best(best, [best ^ {cut} for cut in self._all_cuts()])
            saves = self.size(near)[0] < self.size(best)[0]
            if near == best or not (splits or saves):
                return best
            best = near if saves else self._split(near)

    def _split(self, best: Cuts) -> Cuts:
        """Set one cut after another for nothing, until one saves RAM."""
        least, _ = self.size(best)
        for cut in (c for c in self._all_cuts() if c not in best):
            arena, _ = self.size(best | {cut}, least)
            if arena < least:
                break
            if arena == least:
                best |= {cut}
        return best

    def _all_cuts(self) -> range:
        return range(1, len(self.planner.graph.nodes))

    def tell(self, left: int) -> None:
        """Tell of one more step, and of how many are left as far as is known."""
        self.report(self.told, self.told + left)
        self.told += 1

    def _arena(self, cuts: Cuts, most: int | None) -> int:
        segments = _segments(self.planner.graph, cuts)
        sketch, entries = self.planner.sketch(segments), self.planner.entries(segments)
        rival = min((arena for arena, count in self.front.values() if count <= entries), default=None)
        limit = None if most is None or rival is None else max(most, rival - 1)
        if limit is not None and sketch.least > limit:
            return sketch.least
        arena = sketch.place(limit)[1]
        if rival is None or arena < rival:
            beaten = [c for c, (size, count) in self.front.items() if arena <= size and entries <= count]
            for old in beaten:
                del self.front[old]
            self.front[cuts] = arena, entries
        return arena


def _starts(graph: Graph) -> Iterator[Cuts]:
    count = len(graph.nodes)
    for first in range(1, count + 1):
        yield frozenset(range(first, count))


def _segments(graph: Graph, cuts: Cuts) -> Segments:
    return tuple(pairwise([0, *sorted(cuts), len(graph.nodes)]))
