"""Whole-tensor schedule: layer after layer, every activation at a fixed offset in one static arena.

The planner, in short:
- a storage (see storage.py) is alive from the step that writes it to the step that reads it last;
- storages that are alive together never share a byte; all others may;
- storages are placed one by one, each at the lowest aligned offset where it fits between those already
  placed that are alive together with it;
- largest first is the usual winner, but not always, so three orders are tried and the smallest arena is kept;
- the optimum is not searched for: the lower bound (the largest sum alive at any step) is kept beside the
  result, so that a report can say how far from it the plan is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from .graph import Graph
from .storage import Place, Storage, storages

ALIGNMENT: Final = 4


@dataclass(frozen=True, slots=True)
class Buffer:
    """A storage and where it lies: `offset` bytes into the arena (0 for memory the caller owns)."""

    storage: Storage
    offset: int

    @property
    def end(self) -> int:
        """First byte behind the buffer."""
        return self.offset + self.storage.size


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every activation of a graph lies while it runs layer after layer."""

    graph: Graph
    buffers: tuple[Buffer, ...]
    arena_bytes: int
    lower_bound_bytes: int

    def buffer_of(self, tensor: int) -> Buffer:
        """Buffer that holds a tensor."""
        return next(b for b in self.buffers if tensor in b.storage.tensors)


def plan(graph: Graph) -> Plan:
    """Place every activation of a lowered graph; the arena is as small as the planner can make it."""
    groups = storages(graph)
    inside = [s for s in groups if s.place is Place.ARENA]
    orders: tuple[Callable[[Storage], tuple[int, int]], ...] = (
        lambda s: (-s.size, s.first),
        lambda s: (s.first, -s.size),
        lambda s: (s.first - s.last, -s.size),
    )
    tried = [_place(sorted(inside, key=order)) for order in orders]
    best = min(tried, key=_arena_bytes)
    outside = [Buffer(s, 0) for s in groups if s.place is not Place.ARENA]
    return Plan(graph, tuple(best + outside), _arena_bytes(best), _lower_bound(inside, len(graph.nodes)))


def _place(ordered: Sequence[Storage]) -> list[Buffer]:
    """Put each storage at the lowest offset where nothing that is alive with it lies."""
    placed: list[Buffer] = []
    for storage in ordered:
        offset = 0
        for other in sorted(placed, key=lambda b: b.offset):
            if _alive_together(storage, other.storage) and other.offset < offset + storage.size:
                offset = max(offset, _aligned(other.end))
        placed.append(Buffer(storage, offset))
    return placed


def _alive_together(a: Storage, b: Storage) -> bool:
    return a.first <= b.last and b.first <= a.last


def _aligned(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT


def _arena_bytes(buffers: Sequence[Buffer]) -> int:
    return _aligned(max((b.end for b in buffers), default=0))


def _lower_bound(inside: Sequence[Storage], steps: int) -> int:
    return max((sum(s.size for s in inside if s.first <= t <= s.last) for t in range(steps)), default=0)
