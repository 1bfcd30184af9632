"""Which tensors can lie in one ring, and how deep it is.

A ring of depth D holds row r in slot r % D; row r must be dead when row r + D is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import Storage, operator_of

from .clock import CallClock
from .lifetimes import Lifetime, Lives
from .reads import operands
from .tables import Numbers, StepTable


@dataclass(frozen=True, slots=True)
class Group:
    """Tensors in one ring: `depth` rows of each where all have the same rows, else all of them (`depth` None).

    `first` and `last` are times in a plan, and events of the clock before there is one.
    """

    tensors: tuple[int, ...]
    depth: int | None
    size: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sums:
    """int32 sums of an accumulating step; `first` and `last` as in Group."""

    step: int
    size: int
    first: int
    last: int


class Family:
    """Tensors that could lie in one ring, and in which rings they lie.

    That depends on where the segments of the steps that write and read them start, not on where they stop: what a
    segment leaves out comes later (simulate.py).
    """

    def __init__(self, graph: Graph, lives: Lives, tensors: tuple[int, ...]) -> None:
        self._graph, self._lives, self._tensors = graph, lives, tensors
        self._writers = {n.output: n for n in graph.nodes if n.output in tensors}
        steps = sorted({step for t in tensors for step in lives.steps_of(t) if step >= 0})
        self._starts = itemgetter(*steps) if steps else len
        self._found: dict[object, tuple[Group, ...]] = {}

    def rings(self, starts: Sequence[int], times: Numbers) -> tuple[Group, ...]:
        """The rings where the segment of each step starts at `starts`; times are those of such a schedule."""
        key = self._starts(starts)
        if key not in self._found:
            alive = {t: self._lives.lifetime(t, times) for t in self._tensors}
            self._found[key] = groups(self._graph, self._writers, alive, times)
        return self._found[key]


def accumulators(tables: Sequence[StepTable], clock: CallClock) -> tuple[Sums, ...]:
    """Sums of every accumulating step."""
    return tuple(
        Sums(step, table.sum_bytes, clock.event(step, 0), clock.event(step, table.calls - 1))
        for step, table in enumerate(tables)
        if table.sum_bytes
    )


def kin(graph: Graph) -> tuple[tuple[int, ...], ...]:
    """Activations in sets, whatever the schedule: those that could lie in one ring are in one set."""
    owner: dict[int, int] = {t: t for t in graph.inputs}
    sets: dict[int, list[int]] = {t: [t] for t in graph.inputs}
    for node in graph.nodes:
        owner[node.output], sets[node.output] = node.output, [node.output]
        for tensor in _may_share(graph, node):
            old, new = owner[node.output], owner[tensor]
            if old != new:
                for moved in sets.pop(old):
                    owner[moved] = new
                    sets[new].append(moved)
    position = {t: i for i, t in enumerate(owner)}
    return tuple(tuple(sorted(found, key=position.__getitem__)) for found in sets.values())


def _may_share(graph: Graph, node: Node) -> tuple[int, ...]:
    match operator_of(node.op).storage:
        case Storage.IS_INPUT:
            return (node.inputs[0],)
        case Storage.OVERWRITES:
            return operands(graph, node)
        case Storage.OWN:
            return ()


def groups(graph: Graph, writers: dict[int, Node], alive: dict[int, Lifetime], times: Numbers) -> tuple[Group, ...]:
    """Let outputs take over the ring of an input that dies with each row; a RESHAPE's output is its input."""
    members: dict[int, list[int]] = {}
    owner: dict[int, int] = {}
    for tensor in alive:
        writer = writers.get(tensor)
        shared = None if writer is None else _taken_over(graph, writer, members, owner, alive)
        owner[tensor] = tensor if shared is None else shared
        members.setdefault(owner[tensor], []).append(tensor)
    return tuple(_group(graph, of, alive, times) for of in members.values())


def _taken_over(
    graph: Graph, node: Node, members: dict[int, list[int]], owner: dict[int, int], alive: dict[int, Lifetime]
) -> int | None:
    """Owner of the ring that a node's output may be written into."""
    storage = operator_of(node.op).storage
    if storage is Storage.IS_INPUT:
        return owner[node.inputs[0]]
    if storage is not Storage.OVERWRITES:
        return None
    fits = [
        owner[t]
        for t in operands(graph, node)
        if all(_dead_before(graph, m, node.output, alive) for m in members[owner[t]])
    ]

    def growth(root: int) -> int:
        return _size(graph, [*members[root], node.output], alive) - _size(graph, members[root], alive)

    return min(fits, key=growth, default=None)


def _dead_before(graph: Graph, old: int, new: int, alive: dict[int, Lifetime]) -> bool:
    """Tell whether each row of `old` is read for the last time by the call that writes the same row of `new`."""
    if _form(graph.tensors[old]) == _form(graph.tensors[new]):
        return bool((alive[old].dies <= alive[new].born).all())
    same = _bytes(graph.tensors[old]) == _bytes(graph.tensors[new])
    return same and bool(alive[old].dies.max() <= alive[new].born.min())


def _form(tensor: Tensor) -> tuple[int, int]:
    return tensor.rows, tensor.row_bytes


def _bytes(tensor: Tensor) -> int:
    return tensor.rows * tensor.row_bytes


def _group(graph: Graph, tensors: Sequence[int], alive: dict[int, Lifetime], times: Numbers) -> Group:
    first = min((alive[t].first for t in tensors), key=times.__getitem__)
    last = max((alive[t].last for t in tensors), key=times.__getitem__)
    return Group(tuple(tensors), _depth(graph, tensors, alive), _size(graph, tensors, alive), first, last)


def _size(graph: Graph, tensors: Sequence[int], alive: dict[int, Lifetime]) -> int:
    depth, tensor = _depth(graph, tensors, alive), graph.tensors[tensors[0]]
    return _bytes(tensor) if depth is None else depth * tensor.row_bytes


def _depth(graph: Graph, tensors: Sequence[int], alive: dict[int, Lifetime]) -> int | None:
    """Rows of a ring of tensors; None if they differ in form and each has all of its own."""
    if len({_form(graph.tensors[t]) for t in tensors}) > 1:
        return None
    born, dies = alive[tensors[0]].born, alive[tensors[0]].dies
    for tensor in tensors[1:]:
        born, dies = np.minimum(born, alive[tensor].born), np.maximum(dies, alive[tensor].dies)
    return int((np.searchsorted(born, dies, side="right") - np.arange(len(born))).max())
