"""What a network keeps beside its block to know how far a run has come: the place in the order, counters of calls."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final

from .order import numbered_calls
from .placement import RowPlan, aligned
from .simulate import INPUT

NEXT_BYTES: Final = 2
GUARDED_BYTES: Final = 2
WORD_BYTES: Final = 4
NARROW_COUNT: Final = 255

# What lies in the block: the first and the last call of its life, its offset and size.
Life = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """Counters of the first inputs and steps, as they are numbered, and where the place in the order is kept.

    What is called once needs no counter. The place is needed only while the network waits for a row, or is done: it
    lies in word `next_word` of the block if that one is free whenever it waits, else (None) behind the block. `bytes`
    is what all this takes behind the block.
    """

    counters: int
    counter_bytes: int
    next_word: int | None
    bytes: int


def bookkeeping(plan: RowPlan) -> Bookkeeping:
    """Find what a plan has to keep, with the place in the block where that saves bytes."""
    calls, inputs = numbered_calls(plan), len(plan.graph.inputs)
    repeated = [number for number, count in enumerate(calls) if count > 1]
    counters = max(inputs, repeated[-1] + 1) if repeated else 0
    each = 1 if max(calls) <= NARROW_COUNT else 2
    counted = counters * each + (GUARDED_BYTES if plan.guarded else 0)
    beside = Bookkeeping(counters, each, None, aligned(counted + NEXT_BYTES))
    word = None if plan.guarded or aligned(counted) == beside.bytes else _free_word(plan)
    return beside if word is None else Bookkeeping(counters, each, word, aligned(counted))


def state_bytes(plan: RowPlan) -> int:
    """Bytes of a network's state: the block, and how far a run has come."""
    return plan.arena_bytes + bookkeeping(plan).bytes


def _free_word(plan: RowPlan) -> int | None:
    """The first word of the block in which nothing lies whenever the network waits for a row, or is done."""
    waits = [time for time, call in enumerate(plan.order) if call.step <= INPUT] + [len(plan.order)]
    given = {state.before for state in plan.graph.states}  # they are there before the first call
    lives = list[Life]()
    for ring, offset in plan.rings:
        first = -1 if given.intersection(ring.tensors) else ring.first
        lives.append((first, ring.last, offset, ring.size))
    lives += [(sums.first, sums.last, offset, sums.size) for sums, offset in plan.sums]
    taken: set[int] = set()
    for first, last, offset, size in lives:
        if bisect_left(waits, first + 1) < bisect_right(waits, last):
            taken.update(range(offset // WORD_BYTES, -(-(offset + size) // WORD_BYTES)))
    return next((word for word in range(plan.arena_bytes // WORD_BYTES) if word not in taken), None)
