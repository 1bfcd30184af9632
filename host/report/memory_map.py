"""What lies where in a network's block of RAM, and when: rings, sums and scratch over the calls of an inference."""

from collections.abc import Iterator
from dataclasses import dataclass

from depthwise.codegen.schedule import RowPlan


@dataclass(frozen=True, slots=True, kw_only=True)
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
    livings = [*_rings(plan), *_sums(plan), *_scratch(plan, calls)]
    livings.sort(key=lambda living: (living.first, living.offset))
    return MemoryMap(tuple(livings), plan.arena_bytes, calls, _cuts(plan))


def _rings(plan: RowPlan) -> Iterator[Living]:
    """What a ring holds: the tensors that share it, by the layers that write them."""
    writers = {node.output: node.layer for node in plan.graph.nodes}
    states = {state.before for state in plan.graph.states}
    for group, offset in plan.rings:
        layers = [writers[t] for t in group.tensors if t in writers]
        given = ["state" if t in states else "input" for t in group.tensors if t not in writers]
        yield Living(
            what=", ".join([*given, *(f"layer {layer}" for layer in layers)]),
            layer=layers[0] if layers else None,
            offset=offset,
            size=group.size,
            first=group.first,
            last=group.last,
        )


def _sums(plan: RowPlan) -> Iterator[Living]:
    for memory, offset in plan.sums:
        layer = plan.graph.nodes[memory.step].layer
        what = f"sums of layer {layer}"
        yield Living(what=what, layer=layer, offset=offset, size=memory.size, first=memory.first, last=memory.last)


def _scratch(plan: RowPlan, calls: int) -> Iterator[Living]:
    if plan.scratch_bytes:
        yield Living(
            what="scratch", layer=None, offset=plan.scratch_offset, size=plan.scratch_bytes, first=0, last=calls
        )


def _cuts(plan: RowPlan) -> tuple[int, ...]:
    """The calls at which segments behind the first begin."""
    steps = plan.order.steps
    found = (next((at for at, step in enumerate(steps) if a <= step < b), None) for a, b in plan.segments[1:])
    return tuple(at for at in found if at is not None)
