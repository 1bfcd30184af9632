"""Which tensors lie in one ring, at what time being known, and how deep it is.

A ring of depth D holds row r in slot r % D; row r must be dead when row r + D is written. The tensors of a body
(bodies.py) are always in one ring, each at its place; rows of a tensor that begins k rows further are k slots on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from .bodies import Bodies, Places
from .lifetimes import Lifetime
from .memory import Group
from .tables import Numbers

Form = tuple[int, int]  # rows, bytes of a row
Alive = Mapping[int, Lifetime]
Inside = tuple[tuple[int, int], ...]  # tensors that do not begin with their ring, and at which byte they do


@dataclass(frozen=True, slots=True)
class Offer:
    """Operands in whose ring a node may write where they are dead in time.

    What a node writes as the next value of a state may also come to where the `state` is kept, once that is dead:
    before the call if `apart`, else the call may read it last. No other node writes there.
    """

    operands: tuple[int, ...]
    state: int | None = None
    apart: bool = True

    @property
    def tensors(self) -> tuple[int, ...]:
        """Whose ring it may be."""
        return self.operands if self.state is None else tuple(dict.fromkeys((self.state, *self.operands)))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of tensors whatever the schedule: offers to those that are computed, forms, bodies."""

    offers: Mapping[int, Offer]
    forms: Mapping[int, Form]
    bodies: Bodies

    def bytes_of(self, tensor: int) -> int:
        """Bytes of all rows."""
        rows, row_bytes = self.forms[tensor]
        return rows * row_bytes

    def span(self, places: Places) -> tuple[int, int]:
        """From the first byte of some tensors to behind the last one."""
        return min(places.values()), max(at + self.bytes_of(t) for t, at in places.items())


@dataclass(slots=True)
class _Ring:
    """Places of the tensors that lie in one ring so far, the first one's being 0.

    While all have one `form` and place, when each row of it is written and read last, and its `depth` in rows.
    """

    places: dict[int, int]
    form: Form | None
    born: Numbers
    dies: Numbers
    states: frozenset[int]
    depth: int | None

    @classmethod
    def of(cls, tensor: int, form: Form, life: Lifetime) -> "_Ring":
        """With one tensor."""
        return cls({tensor: 0}, form, life.born, life.dies, _state(tensor, life), _depth(life.born, life.dies))

    def with_tensor(self, tensor: int, at: int, form: Form, life: Lifetime) -> "_Ring":
        """With one more."""
        states, places = self.states | _state(tensor, life), {**self.places, tensor: at}
        if at or form != self.form:
            return _Ring(places, None, self.born, self.dies, states, None)
        born, dies = np.minimum(self.born, life.born), np.maximum(self.dies, life.dies)
        return _Ring(places, form, born, dies, states, _depth(born, dies))

    def size(self, known: Known) -> int:
        """Bytes, all rows of tensors of several forms."""
        if self.form is not None and self.depth is not None:
            return self.depth * self.form[1]
        first, end = known.span(self.places)
        return end - first


def shared(known: Known, alive: Alive, times: Numbers) -> tuple[Group, ...]:
    """Rings of tensors: a body lies in one, and may lie in that of an operand that dies with each row."""
    rings: dict[int, _Ring] = {}
    owner: dict[int, int] = {}
    for tensor, life in alive.items():
        if tensor in owner:
            _join_operand(tensor, rings, owner, known, alive)
            continue
        taken = _taken_over(tensor, rings, owner, known, alive)
        root, at, ring = (tensor, 0, _Ring.of(tensor, known.forms[tensor], life)) if taken is None else taken
        owner[tensor] = root
        body = known.bodies.places[tensor]
        if len(body) > 1:
            for mate in (t for t in body if t in alive and t != tensor):
                ring = ring.with_tensor(mate, at + body[mate] - body[tensor], known.forms[mate], alive[mate])
                owner[mate] = root
        rings[root] = ring
    order = {t: position for position, t in enumerate(alive)}
    return tuple(
        _group(sorted(ring.places, key=order.__getitem__), ring, known, alive, times) for ring in rings.values()
    )


def _join_operand(new: int, rings: dict[int, _Ring], owner: dict[int, int], known: Known, alive: Alive) -> None:
    """Let the ring of an operand, which dies with each row, come to where a later part of a body is written.

    Where it has room there, and begins no earlier.
    """
    offer, root = known.offers.get(new), owner[new]
    for tensor in offer.operands if offer is not None else ():
        other = owner.get(tensor, root)
        if other == root or known.bytes_of(tensor) != known.bytes_of(new) or rings[other].states:
            continue
        ring, guest = rings[root], rings[other]
        by = ring.places[new] - guest.places[tensor]
        moved = {t: at + by for t, at in guest.places.items()}
        if _has_room(moved, ring, known, alive):
            for mate, at in moved.items():
                ring = ring.with_tensor(mate, at, known.forms[mate], alive[mate])
                owner[mate] = root
            rings[root] = ring
            del rings[other]


def _has_room(guest: Places, ring: _Ring, known: Known, alive: Alive) -> bool:
    """Tell whether tensors at some places lie inside of a ring, are no longer than it, and dead in time."""
    (first, end), (start, stop) = known.span(guest), known.span(ring.places)
    if first < start or stop < end or ring.form is not None:
        return False
    if min(int(alive[t].born[0]) for t in guest) < min(int(alive[t].born[0]) for t in ring.places):
        return False
    computed = [(t, at) for t, at in ring.places.items() if t not in known.bodies.views]
    return all(_dead_before(old, each, known, alive, strictly=False) for old in guest.items() for each in computed)


def _taken_over(
    new: int, rings: Mapping[int, _Ring], owner: Mapping[int, int], known: Known, alive: Alive
) -> tuple[int, int, _Ring] | None:
    """Owner of the ring that a node's output is written into, its place there, and that ring with it.

    Of several the one that grows least.
    """
    offer = known.offers.get(new)
    if offer is None:
        return None
    size, form, life = known.bytes_of(new), known.forms[new], alive[new]
    places = dict.fromkeys(
        (owner[t], rings[owner[t]].places[t]) for t in offer.tensors if t in owner and known.bytes_of(t) == size
    )
    grown = [
        (root, at, rings[root].with_tensor(new, at, form, life))
        for root, at in places
        if _may_write(new, at, rings[root], known, alive)
    ]

    def growth(taken: tuple[int, int, _Ring]) -> int:
        root, _, ring = taken
        return ring.size(known) - rings[root].size(known)

    return min(grown, key=growth, default=None)


def _may_write(new: int, at: int, ring: _Ring, known: Known, alive: Alive) -> bool:
    """Tell whether all that lies in a ring is dead in time, and no state but the one that becomes what is written.

    A body of several tensors has to have room in the ring, which would have to be kept longer otherwise.
    """
    offer, body = known.offers[new], known.bodies.places[new]
    if not ring.states <= {offer.state}:
        return False
    strictly = bool(ring.states) and offer.apart
    if len(body) == 1 and not at and ring.form == known.forms[new]:
        return bool((ring.dies + strictly <= alive[new].born).all())
    shifted = {t: at + place - body[new] for t, place in body.items() if t in alive}
    (first, end), (start, stop) = known.span(shifted), known.span(ring.places)
    computed = [(t, place) for t, place in shifted.items() if t not in known.bodies.views]
    return (
        start <= first
        and end <= stop
        and all(
            _dead_before((old, ring.places[old]), each, known, alive, strictly=strictly or each[0] != new)
            for old in ring.places
            for each in computed
        )
    )


def _dead_before(old: tuple[int, int], new: tuple[int, int], known: Known, alive: Alive, *, strictly: bool) -> bool:
    """Tell whether each row of `old` is read for the last time by the call that writes to its place in `new`.

    Both with their places; `strictly`: by a call before that.
    """
    (before, at), (after, to) = old, new
    if at + known.bytes_of(before) <= to or to + known.bytes_of(after) <= at:
        return True
    dies, born = alive[before].dies + strictly, alive[after].born
    (rows, row_bytes), (_, other_bytes) = known.forms[before], known.forms[after]
    if row_bytes != other_bytes or (at - to) % row_bytes:
        return bool(dies.max() <= born.min())
    further = (at - to) // row_bytes
    first, end = max(0, -further), min(rows, len(born) - further)
    return bool((dies[first:end] <= born[first + further : end + further]).all())


def _group(tensors: Sequence[int], ring: _Ring, known: Known, alive: Alive, times: Numbers) -> Group:
    first = min((alive[t].first for t in tensors), key=times.__getitem__)
    last = max((alive[t].last for t in tensors), key=times.__getitem__)
    if ring.form is not None:
        return Group(tuple(tensors), ring.depth, ring.size(known), first, last)
    depth, size, inside = _slots(tensors, ring, known, alive)
    return Group(tuple(tensors), depth, size, first, last, inside=inside)


def _slots(tensors: Sequence[int], ring: _Ring, known: Known, alive: Alive) -> tuple[int | None, int, Inside]:
    """Depth, bytes, and the places of tensors that do not begin with the ring, of one that holds several forms."""
    begin, end = known.span(ring.places)
    places = {t: ring.places[t] - begin for t in tensors}
    sizes = {known.forms[t][1] for t in tensors}
    row_bytes = min(sizes)
    if len(sizes) == 1 and not ring.states and not any(at % row_bytes for at in places.values()):
        rows = {t: (at // row_bytes, known.forms[t][0]) for t, at in places.items()}
        depth = _joint_depth(rows, (end - begin) // row_bytes, alive)
        if depth is not None:
            inside = {t: at % depth * row_bytes for t, (at, _) in rows.items()}
            return depth, depth * row_bytes, _behind(inside)
    return None, end - begin, _behind(places)


def _behind(places: Places) -> Inside:
    return tuple((t, at) for t, at in places.items() if at)


def _joint_depth(rows: Mapping[int, tuple[int, int]], count: int, alive: Alive) -> int | None:
    """Depth of a ring of `count` rows where tensors have some from one of them on; None if it has to hold all.

    The rows of each must lie one behind the other, or begin at the ring's first slot.
    """
    born, dies = np.full(count, np.iinfo(np.int32).max, np.int32), np.full(count, -1, np.int32)
    for tensor, (at, length) in rows.items():
        born[at : at + length] = np.minimum(born[at : at + length], alive[tensor].born)
        dies[at : at + length] = np.maximum(dies[at : at + length], alive[tensor].dies)
    if (np.diff(born) < 0).any() or dies.min() < 0:
        return None
    least = _depth(born, dies)
    fits = (d for d in range(least, count) if all(at % d == 0 or at % d + n <= d for at, n in rows.values()))
    return next(fits, None)


def _depth(born: Numbers, dies: Numbers) -> int:
    """Rows of a ring whose rows are written and read last at some times."""
    return int((born.searchsorted(dies, side="right") - _numbers(len(born))).max())


@cache
def _numbers(rows: int) -> Numbers:
    return np.arange(rows, dtype=np.int32)


def _state(tensor: int, life: Lifetime) -> frozenset[int]:
    return frozenset((tensor,)) if life.kept else frozenset()
