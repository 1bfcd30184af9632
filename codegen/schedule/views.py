"""Which nodes are views in a plan: those with which it takes the least RAM; of equal ones as many as can be.

A view saves the copy, but a body lives as long as any of its tensors. So plans without views are looked at, those with
all that there can be, and from the better of the two on, one node after another is made a view or a copy.
"""

from depthwise.codegen.graph import Graph

from .bodies import movable
from .placement import RowPlan
from .planner import Planner
from .simulate import Segments

Wanted = frozenset[int]
NONE: Wanted = frozenset()


class Viewing:
    """Planners of one network: `copying` has no views but those that always are, `seeing` all that there can be."""

    def __init__(self, graph: Graph, *, guarded: bool = False) -> None:
        self.copying = Planner(graph, guarded=guarded)
        self._movable = movable(graph)
        self._planners = {NONE: self.copying}
        self.seeing = self._planner(self._movable)

    def plan(self, segments: Segments) -> RowPlan:
        """The plan of some segments."""
        if not self._movable:
            return self.copying.plan(segments)
        best, least = min(((wanted, self._size(wanted, segments)) for wanted in (self._movable, NONE)), key=_size)
        near = self._near(best, segments)
        while near is not None and near[1] < least:
            best, least = near
            near = self._near(best, segments)
        return self._planner(best).plan(segments)

    def _near(self, wanted: Wanted, segments: Segments) -> tuple[Wanted, tuple[int, int]] | None:
        """The best of the ways in which one more node is a view, or one less."""
        ways = (wanted ^ {tensor} for tensor in sorted(self._movable))
        return min(((way, self._size(way, segments)) for way in ways), key=_size, default=None)

    def _size(self, wanted: Wanted, segments: Segments) -> tuple[int, int]:
        """RAM, and for ways that take as much, more views first."""
        planner = self._planner(wanted)
        return planner.sketch(segments).place()[1], -len(planner.views)

    def _planner(self, wanted: Wanted) -> Planner:
        if wanted not in self._planners:
            self._planners[wanted] = self.copying.with_views(wanted)
        return self._planners[wanted]


def _size(way: tuple[Wanted, tuple[int, int]]) -> tuple[int, int]:
    return way[1]


def plan_rows(graph: Graph, segments: Segments, *, guarded: bool = False, scratch_bytes: int = 0) -> RowPlan:
    """Simulate, find lifetimes, choose views, place."""
    return Viewing(graph, guarded=guarded).plan(segments).with_scratch(scratch_bytes)
