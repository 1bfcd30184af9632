"""What lies where in a network's block of RAM, and when: rings, sums and scratch over the calls of an inference."""

from dataclasses import dataclass

from depthwise.codegen.schedule import RowPlan


@dataclass(frozen=True, slots=True)
class Living:
    """Bytes of the block from `offset` on that are taken from call `first` to call `last`, and by what.

    `layer` is the number of the layer that writes there, None for inputs, states and scratch.
    """

    what: str
    layer: int | None
    offset: int
    size: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class MemoryMap:
    """All that lies in a block of so many bytes; `cuts` are the calls at which a new segment begins."""

    livings: tuple[Living, ...]
    bytes: int
    calls: int
    cuts: tuple[int, ...]


def memory_map(plan: RowPlan) -> MemoryMap:
    """What a plan places, in order of time."""
    calls = len(plan.order)
    rings = [_ring(plan, tensors, offset, group_size, span) for tensors, offset, group_size, span in _rings(plan)]
    sums = [
        Living(f"sums of layer {node.layer}", node.layer, offset, memory.size, memory.first, memory.last)
        for memory, offset in plan.sums
        for node in (plan.graph.nodes[memory.step],)
    ]
    scratch = [Living("scratch", None, plan.scratch_offset, plan.scratch_bytes, 0, calls)] if plan.scratch_bytes else []
    livings = sorted([*rings, *sums, *scratch], key=lambda living: (living.first, living.offset))
    return MemoryMap(tuple(livings), plan.arena_bytes, calls, _cuts(plan))


def _rings(plan: RowPlan) -> list[tuple[tuple[int, ...], int, int, tuple[int, int]]]:
    return [(group.tensors, offset, group.size, (group.first, group.last)) for group, offset in plan.rings]


def _ring(plan: RowPlan, tensors: tuple[int, ...], offset: int, size: int, span: tuple[int, int]) -> Living:
    """What a ring holds: the tensors that share it, by the layers that write them."""
    writers = {node.output: node.layer for node in plan.graph.nodes}
    layers = [writers[t] for t in tensors if t in writers]
    states = {state.before for state in plan.graph.states}
    given = ["state" if t in states else "input" for t in tensors if t not in writers]
    names = [*given, *(f"layer {layer}" for layer in layers)]
    return Living(", ".join(names), layers[0] if layers else None, offset, size, *span)


def _cuts(plan: RowPlan) -> tuple[int, ...]:
    """The calls at which segments behind the first begin."""
    starts, found = [start for start, _ in plan.segments[1:]], []
    for start, stop in plan.segments[1:]:
        found.append(next((at for at, step in enumerate(plan.order.steps) if start <= step < stop), None))
    assert len(found) == len(starts)
    return tuple(sorted(at for at in found if at is not None))
