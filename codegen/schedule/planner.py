"""Plans of one network for any cuts: what depends on few segments is found once for all plans that have them."""

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from depthwise.codegen.graph import Graph

from .bodies import bodies
from .lifetimes import Lives
from .memory import Group, StepMemory
from .order import entry_count, have_code
from .placement import ALIGNMENT, GUARD_BYTES, Items, RowPlan, least_bytes, place
from .sharing import Family, accumulators, kin
from .simulate import Segments
from .tables import Numbers, Sizes, step_tables
from .timeline import Timeline


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a plan has to place, before it is placed: rings, then sums; no block is smaller than `least`."""

    items: tuple[Group | StepMemory, ...]
    sizes: Sizes
    firsts: Numbers
    lasts: Numbers
    least: int

    def place(self, most: int | None = None) -> tuple[list[int], int]:
        """Offsets and the size of the block, as `place` has it."""
        items = Items(tuple(self.sizes.tolist()), tuple(self.firsts.tolist()), tuple(self.lasts.tolist()))
        return place(items, self.least, most)


class Planner:
    """Plans of a network in which given nodes are views, with what they share."""

    def __init__(self, graph: Graph, *, guarded: bool = False) -> None:
        self.graph, self._guarded = graph, guarded
        tables = step_tables(graph)
        self.timeline = Timeline(graph, tables)
        self.lives = Lives(graph, tables, self.timeline)
        given = (*graph.inputs, *(s.before for s in graph.states))
        self._position = {t: i for i, t in enumerate((*given, *(t.output for t in tables)))}
        self._made: dict[tuple[tuple[int, ...], frozenset[int]], Family] = {}
        self.sums = accumulators(tables, self.timeline)
        self._see(())

    def with_views(self, wanted: Collection[int]) -> "Planner":
        """A planner of the same network in which the nodes that write `wanted` tensors move nothing, if they can."""
        other = copy(self)
        other._see(wanted)
        return other

    def _see(self, wanted: Collection[int]) -> None:
        tied = bodies(self.graph, wanted)
        self.views, self._has_code = tied.views, have_code(self.graph, tied.views)
        self._entries: dict[tuple[int, int], int] = {}
        found = []
        for tensors in kin(self.graph, tied):
            key = tensors, tied.views.intersection(tensors)
            if key not in self._made:
                self._made[key] = Family(self.graph, self.lives, tensors, tied)
            found.append(self._made[key])
        self.families = tuple(found)

    def sketch(self, segments: Segments) -> Sketch:
        """What a plan has to place."""
        times = self.timeline.times(segments)
        starts = tuple(start for start, stop in segments for _ in range(start, stop))
        rings = [ring for family in self.families for ring in family.rings(starts, times)]
        items: tuple[Group | StepMemory, ...] = (
            *sorted(rings, key=lambda ring: self._position[ring.tensors[0]]),
            *self.sums,
        )
        guard = GUARD_BYTES if self._guarded else 0
        sizes = np.array([item.size + guard for item in items], np.int64)
        firsts, lasts = times[[item.first for item in items]], times[[item.last for item in items]]
        least = least_bytes(-(-sizes // ALIGNMENT) * ALIGNMENT, firsts, lasts)
        return Sketch(items, sizes, firsts, lasts, least)

    def entries(self, segments: Segments) -> int:
        """Entries of the table of the order."""
        for start, stop in segments:
            if (start, stop) not in self._entries:
                order = self.timeline.order(start, stop)
                self._entries[start, stop] = entry_count(self._has_code, len(self.graph.nodes), order)
        return sum(map(self._entries.__getitem__, segments))

    def least_entries(self) -> tuple[int, ...]:
        """Entries that the steps in front of each one take in any segments: one, or a step and its number of calls."""
        sizes = (self.timeline.events(step) for step in range(len(self.graph.nodes)))
        counted = zip(sizes, self._has_code.tolist(), strict=False)
        return tuple(accumulate((min(at.stop - at.start, 2) * code for at, code in counted), initial=0))

    def plan(self, segments: Segments) -> RowPlan:
        """The plan of some segments."""
        sketch = self.sketch(segments)
        offsets, size = sketch.place()
        timed = [
            (replace(item, first=first, last=last), offset)
            for item, first, last, offset in zip(
                sketch.items, sketch.firsts.tolist(), sketch.lasts.tolist(), offsets, strict=True
            )
        ]
        return RowPlan(
            graph=self.graph,
            segments=segments,
            order=self.timeline.calls_in_order(segments),
            rings=tuple((item, offset) for item, offset in timed if isinstance(item, Group)),
            sums=tuple((i, offset) for i, offset in timed if isinstance(i, StepMemory)),
            arena_bytes=size,
            lower_bound_bytes=least_bytes(np.array([i.size for i in sketch.items]), sketch.firsts, sketch.lasts),
            views=self.views,
            guarded=self._guarded,
        )
