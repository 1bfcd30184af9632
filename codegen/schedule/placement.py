"""Where every ring and every accumulator lies: offsets in one block, and the block's size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node

from .lifetimes import Group, Sums, accumulators, groups, lifetimes
from .simulate import Call, Segments, simulate

ALIGNMENT: Final = 4
GUARD_BYTES: Final = 4
NO_STEP: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """A schedule of rows: the order of calls, rings and sums, each with its offset into the block.

    Row r of a tensor lies `(r % depth) * row_bytes` behind its ring's offset. Behind every ring and every sums of a
    `guarded` plan lie GUARD_BYTES for a canary. Kernels share `scratch_bytes` that hold nothing from call to call.
    """

    graph: Graph
    segments: Segments
    order: tuple[Call, ...]
    rings: tuple[tuple[Group, int], ...]
    sums: tuple[tuple[Sums, int], ...]
    arena_bytes: int
    lower_bound_bytes: int
    guarded: bool = False
    scratch_bytes: int = 0
    scratch_offset: int = 0

    def ring_of(self, tensor: int) -> tuple[int, int]:
        """Offset of a tensor's ring and its depth in rows."""
        group, offset = next((g, o) for g, o in self.rings if tensor in g.tensors)
        return offset, self.graph.tensors[tensor].rows if group.depth is None else group.depth

    def ring_bytes(self, node: Node) -> int:
        """Bytes of the ring that a node writes to."""
        return self.ring_of(node.output)[1] * self.graph.output_of(node).row_bytes


def plan_rows(graph: Graph, segments: Segments, *, guarded: bool = False, scratch_bytes: int = 0) -> RowPlan:
    """Simulate, find lifetimes, place."""
    order = simulate(graph, segments)
    rings, sums = groups(graph, lifetimes(graph, order)), accumulators(graph, order)
    scratch = [Sums(NO_STEP, scratch_bytes, 0, len(order))] if scratch_bytes else []
    items: list[Group | Sums] = [*rings, *sums, *scratch]
    offsets, size = place(items, GUARD_BYTES if guarded else 0)
    placed = list(zip(items, offsets, strict=True))
    return RowPlan(
        graph=graph,
        segments=segments,
        order=order,
        rings=tuple((item, offset) for item, offset in placed if isinstance(item, Group)),
        sums=tuple((item, offset) for item, offset in placed if isinstance(item, Sums) and item.step != NO_STEP),
        arena_bytes=size,
        lower_bound_bytes=_lower_bound(items),
        guarded=guarded,
        scratch_bytes=scratch_bytes,
        scratch_offset=offsets[-1] if scratch else 0,
    )


def place(items: Sequence[Group | Sums], guard_bytes: int = 0) -> tuple[list[int], int]:
    """Offsets such that items alive together never share a byte; the smallest block of several orders.

    Each order of items is placed first-fit: an item goes to the lowest offset that is free while it lives.
    """
    keys: tuple[Callable[[Group | Sums], tuple[int, ...]], ...] = (
        lambda i: (-i.size, i.first),
        lambda i: (i.first, -i.size),
        lambda i: (i.first - i.last, -i.size),
        lambda i: (-(i.last - i.first) * i.size,),
        lambda i: (i.last, -i.size),
    )
    tried = [_placed(items, sorted(range(len(items)), key=lambda at: key(items[at])), guard_bytes) for key in keys]
    return min(tried, key=lambda found: found[1])


def _placed(items: Sequence[Group | Sums], order: Sequence[int], guard_bytes: int) -> tuple[list[int], int]:
    offsets = [-1] * len(items)
    ends = [0] * len(items)
    done: list[int] = []
    for at in order:
        offset, size = 0, items[at].size + guard_bytes
        for other in sorted(done, key=lambda i: offsets[i]):
            together = items[at].first <= items[other].last and items[other].first <= items[at].last
            if together and offsets[other] < offset + size:
                offset = max(offset, _aligned(ends[other]))
        offsets[at], ends[at] = offset, offset + size
        done.append(at)
    return offsets, _aligned(max(ends, default=0))


def _aligned(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT


def _lower_bound(items: Sequence[Group | Sums]) -> int:
    starts = {i.first for i in items}
    return max((sum(i.size for i in items if i.first <= t <= i.last) for t in starts), default=0)
