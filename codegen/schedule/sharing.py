"""Which tensors can lie in one ring, and how deep it is.

A ring of depth D holds row r in slot r % D; row r must be dead when row r + D is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from operator import itemgetter

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Storage, operator_of

from .lifetimes import Lifetime, Lives
from .reads import operands
from .tables import Numbers, StepTable
from .timeline import Timeline

Form = tuple[int, int]  # rows, bytes of a row


@dataclass(frozen=True, slots=True)
class Group:
    """Tensors in one ring: `depth` rows of each where all have the same rows, else all of them (`depth` None).

    `first` and `last` are times in a plan, and events of the timeline before there is one.
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


@dataclass(frozen=True, slots=True)
class Offer:
    """Operands in whose ring a node may write: always if `is_alias`, else where they are dead in time.

    What a node writes as the next value of a state may also come to where the `state` is kept, once that is dead:
    before the call if `apart`, else the call may read it last. No other node writes there.
    """

    operands: tuple[int, ...]
    is_alias: bool = False
    state: int | None = None
    apart: bool = True

    @property
    def tensors(self) -> tuple[int, ...]:
        """Whose ring it may be."""
        return self.operands if self.state is None else tuple(dict.fromkeys((self.state, *self.operands)))


class Family:
    """Tensors that could lie in one ring, and in which rings they lie.

    That depends on where the segments of the steps that write and read them start, not on where they stop: what a
    segment leaves out comes later (simulate.py).
    """

    def __init__(self, graph: Graph, lives: Lives, tensors: tuple[int, ...]) -> None:
        self._lives, self._tensors = lives, tensors
        self._offers = {n.output: offer_of(graph, n) for n in graph.nodes if n.output in tensors}
        self._forms = {t: (graph.tensors[t].rows, graph.tensors[t].row_bytes) for t in tensors}
        steps = sorted({step for t in tensors for step in lives.steps_of(t) if step >= 0})
        self._starts = itemgetter(*steps) if steps else len
        self._found: dict[object, tuple[Group, ...]] = {}

    def rings(self, starts: Sequence[int], times: Numbers) -> tuple[Group, ...]:
        """The rings where the segment of each step starts at `starts`; times are those of such a schedule."""
        key = self._starts(starts)
        found = self._found.get(key)
        if found is None:
            alive = {t: self._lives.lifetime(t, times) for t in self._tensors}
            sets = _shared(self._offers, self._forms, alive) if len(alive) > 1 else [[*alive]]
            found = self._found[key] = tuple(_group(of, self._forms, alive, times) for of in sets)
        return found


def offer_of(graph: Graph, node: Node) -> Offer:
    """Whose ring a node's output may be written into."""
    state = next((s.before for s in graph.states if s.after == node.output), None)
    match operator_of(node.op).storage:
        case Storage.IS_INPUT:
            return Offer((node.inputs[0],), is_alias=True)
        case Storage.OVERWRITES:
            return Offer(operands(graph, node), state=state, apart=False)
        case Storage.ADVANCES:
            return Offer((), state=state, apart=False)
        case Storage.OWN:
            return Offer((), state=state)


def accumulators(tables: Sequence[StepTable], timeline: Timeline) -> tuple[Sums, ...]:
    """Sums of every accumulating step."""
    return tuple(
        Sums(step, table.sum_bytes, timeline.event(step, 0), timeline.event(step, table.calls - 1))
        for step, table in enumerate(tables)
        if table.sum_bytes
    )


def kin(graph: Graph) -> tuple[tuple[int, ...], ...]:
    """Activations in sets, whatever the schedule: those that could lie in one ring are in one set."""
    given = (*graph.inputs, *(s.before for s in graph.states))
    owner = {t: t for t in given}
    sets = {t: [t] for t in given}
    for node in graph.nodes:
        owner[node.output], sets[node.output] = node.output, [node.output]
        for tensor in offer_of(graph, node).tensors:
            old, new = owner[node.output], owner[tensor]
            if old != new:
                for moved in sets.pop(old):
                    owner[moved] = new
                    sets[new].append(moved)
    position = {t: i for i, t in enumerate(owner)}
    return tuple(tuple(sorted(found, key=position.__getitem__)) for found in sets.values())


def _shared(offers: Mapping[int, Offer], forms: Mapping[int, Form], alive: Mapping[int, Lifetime]) -> list[list[int]]:
    """Let outputs take over the ring of an input that dies with each row; a RESHAPE's output is its input."""
    members: dict[int, list[int]] = {}
    owner: dict[int, int] = {}
    for tensor in alive:
        offer = offers.get(tensor)
        old = None if offer is None else _taken_over(tensor, offer, members, owner, forms, alive)
        owner[tensor] = tensor if old is None else old
        members.setdefault(owner[tensor], []).append(tensor)
    return list(members.values())


def _taken_over(
    new: int,
    offer: Offer,
    members: Mapping[int, list[int]],
    owner: Mapping[int, int],
    forms: Mapping[int, Form],
    alive: Mapping[int, Lifetime],
) -> int | None:
    """Owner of the ring that a node's output is written into, of several the one that grows least."""
    roots = [owner[t] for t in offer.tensors]
    fits = [r for r in roots if offer.is_alias or _may_write(new, offer, members[r], forms, alive)]

    def growth(root: int) -> int:
        with_new, without = (_depth(of, forms, alive) for of in ([*members[root], new], members[root]))
        return _size(with_new, forms[root]) - _size(without, forms[root])

    return fits[0] if len(fits) == 1 else min(fits, key=growth, default=None)


def _may_write(
    new: int, offer: Offer, ring: Sequence[int], forms: Mapping[int, Form], alive: Mapping[int, Lifetime]
) -> bool:
    """Tell whether all that lies in a ring is dead in time, and no state but the one that becomes what is written."""
    states = {m for m in ring if alive[m].kept}
    strictly = bool(states) and offer.apart
    return states <= {offer.state} and all(_dead_before(m, new, forms, alive, strictly=strictly) for m in ring)


def _dead_before(
    old: int, new: int, forms: Mapping[int, Form], alive: Mapping[int, Lifetime], *, strictly: bool
) -> bool:
    """Tell whether each row of `old` is read for the last time by the call that writes the same row of `new`.

    `strictly`: by a call before that.
    """
    dies, born = alive[old].dies + strictly, alive[new].born
    if forms[old] == forms[new]:
        return bool((dies <= born).all())
    return prod(forms[old]) == prod(forms[new]) and bool(dies.max() <= born.min())


def _group(tensors: Sequence[int], forms: Mapping[int, Form], alive: Mapping[int, Lifetime], times: Numbers) -> Group:
    first = min((alive[t].first for t in tensors), key=times.__getitem__)
    last = max((alive[t].last for t in tensors), key=times.__getitem__)
    depth = _depth(tensors, forms, alive)
    return Group(tuple(tensors), depth, _size(depth, forms[tensors[0]]), first, last)


def _size(depth: int | None, form: Form) -> int:
    return (form[0] if depth is None else depth) * form[1]


def _depth(tensors: Sequence[int], forms: Mapping[int, Form], alive: Mapping[int, Lifetime]) -> int | None:
    """Rows of a ring of tensors; None if they differ in form and each has all of its own."""
    if any(forms[t] != forms[tensors[0]] for t in tensors):
        return None
    born, dies = alive[tensors[0]].born, alive[tensors[0]].dies
    for tensor in tensors[1:]:
        born, dies = np.minimum(born, alive[tensor].born), np.maximum(dies, alive[tensor].dies)
    return int((born.searchsorted(dies, side="right") - np.arange(len(born))).max())
