"""The order of calls as data of the generated C."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node

from .bodies import is_view
from .memory import Group, StepMemory
from .placement import RowPlan
from .simulate import INPUT
from .tables import Flags, Numbers

NARROW_REPEAT: Final = 128
WIDE_REPEAT: Final = 32768


@dataclass(frozen=True, slots=True)
class Order:
    """Entries of `item_bytes` each: number k is a row of input k, numbers behind the inputs are steps, one call each.

    A step with the bit `repeat` set is followed by the number of its calls: runs are stored that way.
    """

    entries: tuple[int, ...]
    item_bytes: int
    repeat: int
    calls: int

    @property
    def size(self) -> int:
        """Bytes of the table."""
        return len(self.entries) * self.item_bytes


@dataclass(frozen=True, slots=True)
class Guard:
    """A canary behind a buffer: set before call `first`, still whole behind every call up to `last`."""

    first: int
    last: int
    offset: int


def steps(graph: Graph) -> list[Node]:
    """Nodes that need code unless a plan makes views of them: not a RESHAPE, whose output is its input's memory."""
    return [n for n in graph.nodes if not is_view(n)]


def order_of(plan: RowPlan) -> Order:
    """The calls of a plan as a table; steps are numbered behind the inputs."""
    numbers = [n for n in _numbers(plan) if n is not None]
    repeat, most = _repeat(max(numbers))
    entries, inputs = list[int](), len(plan.graph.inputs)
    for number, run in groupby(numbers):
        count = len(list(run))
        while number >= inputs and count > 2:
            entries += [number | repeat, min(count, most)]
            count -= min(count, most)
        entries += [number] * count
    return Order(tuple(entries), 1 if repeat == NARROW_REPEAT else 2, repeat, len(numbers))


def have_code(graph: Graph, views: frozenset[int]) -> Flags:
    """Tell of each step whether its calls stand in the table of `order_of`; the inputs are behind the steps."""
    return np.array([*(n.output not in views for n in graph.nodes), *(True for _ in graph.inputs)])


def entry_count(has_code: Flags, steps: int, calls: Numbers) -> int:
    """Entries of the table of `order_of` that the calls of one segment of a network of some steps take."""
    numbers = calls[has_code[calls]]  # rows that arrive have negative numbers, the last of the array
    _, most = _repeat(int(np.count_nonzero(has_code)) - 1)
    firsts = np.flatnonzero(np.diff(numbers, prepend=np.int32(steps))).astype(np.int32)
    lengths = np.diff(firsts, append=np.int32(len(numbers)))
    stored = np.where(numbers[firsts] < 0, lengths, lengths // most * 2 + np.minimum(lengths % most, 2))
    return int(stored.sum())


def _repeat(last: int) -> tuple[int, int]:
    """The bit that says that a count follows, and the largest count, where steps are numbered to `last`."""
    return (NARROW_REPEAT, 255) if last < NARROW_REPEAT else (WIDE_REPEAT, 65535)


def step_numbers(plan: RowPlan) -> dict[int, int]:
    """Number of the step that computes each tensor: behind the inputs, those with several calls first."""
    calls = Counter(plan.graph.nodes[call.step].output for call in plan.order if call.step > INPUT)
    outputs = sorted((n.output for n in plan.steps), key=lambda output: calls[output] == 1)
    return {output: number for number, output in enumerate(outputs, len(plan.graph.inputs))}


def numbered_calls(plan: RowPlan) -> tuple[int, ...]:
    """How often each number is called: rows of each input, then calls of each step."""
    counts = Counter(_numbers(plan))
    return tuple(counts[number] for number in range(len(plan.graph.inputs) + len(plan.steps)))


def guards_of(plan: RowPlan) -> tuple[Guard, ...]:
    """The canary behind every buffer of a guarded plan, in time of the calls of `order_of`."""
    assert plan.guarded
    times: list[int] = []
    for number in _numbers(plan):
        times.append((times[-1] if times else -1) + (number is not None))
    items: list[tuple[Group | StepMemory, int]] = [*plan.rings, *plan.sums]
    found = [Guard(max(times[i.first], 0), times[min(i.last, len(times) - 1)], at + i.size) for i, at in items]
    if plan.scratch_bytes:
        found.append(Guard(max(times[0], 0), times[-1], plan.scratch_offset + plan.scratch_bytes))
    return tuple(sorted(found, key=lambda guard: guard.offset))


def _numbers(plan: RowPlan) -> list[int | None]:
    """Number of the step of each call, that of its input for a row, None for one that needs no code."""
    numbers = step_numbers(plan)
    of_step = [numbers.get(n.output) for n in plan.graph.nodes]
    return [INPUT - call.step if call.step <= INPUT else of_step[call.step] for call in plan.order]
