"""Where every ring and every accumulator lies: offsets in one block, and the block's size."""

from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node

from .memory import Group, StepMemory
from .simulate import CallOrder, Segments
from .tables import Numbers, Sizes

ALIGNMENT: Final = 4
GUARD_BYTES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """A schedule of rows: the order of calls, rings and sums, each with its offset into the block.

    Row r of a tensor lies `(r % depth) * row_bytes` behind its ring's offset. Behind every ring and every sums of a
    `guarded` plan lie GUARD_BYTES for a canary. Kernels share `scratch_bytes` that hold nothing from call to call; they
    lie behind all else, so that what else is where does not depend on them.
    `views` are the outputs of nodes that move nothing: what they read lies where they would write it (bodies.py).
    """

    graph: Graph
    segments: Segments
    order: CallOrder
    rings: tuple[tuple[Group, int], ...]
    sums: tuple[tuple[StepMemory, int], ...]
    arena_bytes: int
    lower_bound_bytes: int
    views: frozenset[int]
    guarded: bool = False
    scratch_bytes: int = 0
    scratch_offset: int = 0

    def ring_of(self, tensor: int) -> tuple[int, int]:
        """Offset of a tensor in its ring, and how many of its rows the ring holds."""
        group, offset = next((g, o) for g, o in self.rings if tensor in g.tensors)
        place, rows = group.place_of(tensor), self.graph.tensors[tensor].rows
        return offset + place, rows if group.depth is None or place else min(group.depth, rows)

    @property
    def steps(self) -> tuple[Node, ...]:
        """Nodes that have code."""
        return tuple(n for n in self.graph.nodes if n.output not in self.views)

    def with_scratch(self, size: int) -> "RowPlan":
        """The same for kernels that share so many bytes, which may be 0."""
        end = self.scratch_offset if self.scratch_bytes else self.arena_bytes
        guard = GUARD_BYTES if self.guarded else 0
        return replace(
            self,
            arena_bytes=end + (aligned(size + guard) if size else 0),
            lower_bound_bytes=self.lower_bound_bytes - self.scratch_bytes + size,
            scratch_bytes=size,
            scratch_offset=end if size else 0,
        )

    def ring_bytes(self, node: Node) -> int:
        """Bytes of the ring that a node writes to."""
        return self.ring_of(node.output)[1] * self.graph.output_of(node).row_bytes


@dataclass(frozen=True, slots=True)
class Items:
    """What has to lie in the block: sizes in bytes, and the times of the first and the last use of each."""

    sizes: tuple[int, ...]
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]


Key = Callable[[int, int, int], tuple[int, ...]]
KEYS: Final[tuple[Key, ...]] = (
    lambda size, first, _: (-size, first),
    lambda size, first, _: (first, -size),
    lambda size, first, last: (first - last, -size),
    lambda size, first, last: (-(last - first) * size,),
    lambda size, _, last: (last, -size),
)


def place(items: Items, least: int, most: int | None = None) -> tuple[list[int], int]:
    """Offsets such that items alive together never share a byte; the smallest block of several orders.

    Each order of items is placed first-fit: an item goes to the lowest offset that is free while it lives. No block
    is smaller than `least` bytes. One that needs more than `most` is not completed: its size is then what it needs
    at least, and no offsets are right.
    """
    best: tuple[list[int], int] | None = None
    for key in KEYS:
        rank = [key(*item) for item in zip(items.sizes, items.firsts, items.lasts, strict=True)]
        found = _placed(items, sorted(range(len(rank)), key=rank.__getitem__), most)
        if best is None or found[1] < best[1]:
            best = found
        if best[1] <= least:
            break
        most = best[1] if most is None else min(most, best[1])
    assert best is not None
    return best


def _placed(items: Items, order: Sequence[int], most: int | None) -> tuple[list[int], int]:
    offsets, size = [-1] * len(order), 0
    done: list[tuple[int, int, int]] = []  # offset, aligned end, item
    for at in order:
        first, last, length, offset = items.firsts[at], items.lasts[at], items.sizes[at], 0
        for other_offset, end, other in done:
            if other_offset >= offset + length:
                break
            if end > offset and first <= items.lasts[other] and items.firsts[other] <= last:
                offset = end
        offsets[at], size = offset, max(size, offset + length)
        if most is not None and size > most:
            break
        insort(done, (offset, aligned(offset + length), at))
    return offsets, aligned(size)


def aligned(size: int) -> int:
    """A size in whole words."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def least_bytes(sizes: Sizes, firsts: Numbers, lasts: Numbers) -> int:
    """The most bytes that are alive at one time."""
    by_first, by_last = np.argsort(firsts), np.argsort(lasts)
    begun = np.cumsum(sizes[by_first])
    ended = np.concatenate(([0], np.cumsum(sizes[by_last])))
    at = firsts[by_first]
    live = begun[np.searchsorted(at, at, side="right") - 1] - ended[np.searchsorted(lasts[by_last], at, side="left")]
    return int(live.max(initial=0))
