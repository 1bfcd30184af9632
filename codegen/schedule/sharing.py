"""Which tensors can lie in one ring, and how deep it is.

A ring of depth D holds row r in slot r % D; row r must be dead when row r + D is written.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod

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
class StepMemory:
    """int32 sums of an accumulating step, or scratch, which is of no step; `first` and `last` as in Group."""

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
        self.steps_of = {t: sorted(step for step in lives.steps_of(t) if step >= 0) for t in tensors}
        self.steps = sorted({step for steps in self.steps_of.values() for step in steps})
        self._found: dict[tuple[int, ...], tuple[Group, ...]] = {}
        self._within: dict[tuple[int, int], list[tuple[Group, bool]]] = {}

    def rings(self, starts: Sequence[int], times: Numbers) -> tuple[Group, ...]:
        """The rings where the segment of each step starts at `starts`; times are those of such a schedule."""
        key = tuple([starts[step] for step in self.steps])
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._rings(self._tensors, times)
        return found

    def rings_within(self, start: int, stop: int, times: Numbers) -> list[tuple[Group, bool]]:
        """The rings of those tensors alone that some steps read or write; and whether no step behind them does.

        The steps are a segment, and times are those of a schedule with it; how many of this family it has says all.
        """
        key = start, bisect_left(self.steps, stop) - bisect_left(self.steps, start)
        found = self._within.get(key)
        if found is None:
            touched = [t for t, steps in self.steps_of.items() if any(start <= step < stop for step in steps)]
            rings = self._rings(touched, times)
            found = self._within[key] = [(g, all(self.steps_of[t][-1] < stop for t in g.tensors)) for g in rings]
        return found

    def _rings(self, tensors: Sequence[int], times: Numbers) -> tuple[Group, ...]:
        alive = {t: self._lives.lifetime(t, times) for t in tensors}
        return tuple(_group(of, self._forms, alive, times) for of in _shared(self._offers, self._forms, alive))


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


def accumulators(tables: Sequence[StepTable], timeline: Timeline) -> tuple[StepMemory, ...]:
    """Memory for the sums of every accumulating step."""
    return tuple(
        StepMemory(step, table.sum_bytes, timeline.event(step, 0), timeline.event(step, table.calls - 1))
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


@dataclass(slots=True)
class _Ring:
    """Tensors that lie in one ring so far; while all have one `form`, when each row of it is written and read last.

    `depth` is its rows; None if tensors differ in form and each has all of its own.
    """

    tensors: list[int]
    form: Form | None
    born: Numbers
    dies: Numbers
    states: frozenset[int]
    depth: int | None

    @classmethod
    def of(cls, tensor: int, form: Form, life: Lifetime) -> "_Ring":
        """With one tensor."""
        return cls([tensor], form, life.born, life.dies, _state(tensor, life), _depth(life.born, life.dies))

    def with_tensor(self, tensor: int, form: Form, life: Lifetime) -> "_Ring":
        """With one more."""
        states, tensors = self.states | _state(tensor, life), [*self.tensors, tensor]
        if form != self.form:
            return _Ring(tensors, None, self.born, self.dies, states, None)
        born, dies = np.minimum(self.born, life.born), np.maximum(self.dies, life.dies)
        return _Ring(tensors, form, born, dies, states, _depth(born, dies))

    def size(self, form: Form) -> int:
        """Bytes, of tensors of which the first has a form."""
        return (form[0] if self.depth is None else self.depth) * form[1]


def _depth(born: Numbers, dies: Numbers) -> int:
    """Rows of a ring whose rows are written and read last at some times."""
    return int((born.searchsorted(dies, side="right") - _places(len(born))).max())


@cache
def _places(rows: int) -> Numbers:
    return np.arange(rows, dtype=np.int32)


def _state(tensor: int, life: Lifetime) -> frozenset[int]:
    return frozenset((tensor,)) if life.kept else frozenset()


Known = tuple[Mapping[int, Form], Mapping[int, Lifetime]]


def _shared(offers: Mapping[int, Offer], forms: Mapping[int, Form], alive: Mapping[int, Lifetime]) -> list[_Ring]:
    """Let outputs take over the ring of an input that dies with each row; a RESHAPE's output is its input."""
    rings: dict[int, _Ring] = {}
    owner: dict[int, int] = {}
    for tensor, life in alive.items():
        offer = offers.get(tensor)
        taken = None if offer is None else _taken_over(tensor, offer, rings, owner, (forms, alive))
        root, ring = (tensor, _Ring.of(tensor, forms[tensor], life)) if taken is None else taken
        owner[tensor], rings[root] = root, ring
    return list(rings.values())


def _taken_over(
    new: int, offer: Offer, rings: Mapping[int, _Ring], owner: Mapping[int, int], known: Known
) -> tuple[int, _Ring] | None:
    """Owner of the ring that a node's output is written into, and that ring with it; of several what grows least."""
    forms, alive = known
    roots = dict.fromkeys(owner[t] for t in offer.tensors if t in owner)
    grown = [
        (root, rings[root].with_tensor(new, forms[new], alive[new]))
        for root in roots
        if offer.is_alias or _may_write(new, offer, rings[root], known)
    ]

    def growth(taken: tuple[int, _Ring]) -> int:
        root, ring = taken
        return ring.size(forms[root]) - rings[root].size(forms[root])

    return min(grown, key=growth, default=None)


def _may_write(new: int, offer: Offer, ring: _Ring, known: Known) -> bool:
    """Tell whether all that lies in a ring is dead in time, and no state but the one that becomes what is written."""
    if not ring.states <= {offer.state}:
        return False
    forms, alive = known
    strictly = bool(ring.states) and offer.apart
    if ring.form == forms[new]:
        return bool((ring.dies + strictly <= alive[new].born).all())
    return all(_dead_before(old, new, known, strictly=strictly) for old in ring.tensors)


def _dead_before(old: int, new: int, known: Known, *, strictly: bool) -> bool:
    """Tell whether each row of `old` is read for the last time by the call that writes the same row of `new`.

    `strictly`: by a call before that.
    """
    forms, alive = known
    dies, born = alive[old].dies + strictly, alive[new].born
    if forms[old] == forms[new]:
        return bool((dies <= born).all())
    return prod(forms[old]) == prod(forms[new]) and bool(dies.max() <= born.min())


def _group(ring: _Ring, forms: Mapping[int, Form], alive: Mapping[int, Lifetime], times: Numbers) -> Group:
    first = min((alive[t].first for t in ring.tensors), key=times.__getitem__)
    last = max((alive[t].last for t in ring.tensors), key=times.__getitem__)
    return Group(tuple(ring.tensors), ring.depth, ring.size(forms[ring.tensors[0]]), first, last)
