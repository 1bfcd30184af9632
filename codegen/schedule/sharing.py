"""Which tensors can lie in one ring, whatever the schedule; rings.py says which of them do in one."""

from bisect import bisect_left
from collections.abc import Sequence

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Storage, operator_of

from .bodies import Bodies
from .lifetimes import Lives
from .memory import Group, StepMemory
from .reads import operands
from .rings import Known, Offer, shared
from .tables import Numbers, StepTable
from .timeline import Timeline


class Family:
    """Tensors that could lie in one ring, and in which rings they lie.

    That depends on where the segments of the steps that write and read them start, not on where they stop: what a
    segment leaves out comes later (simulate.py).
    """

    def __init__(self, graph: Graph, lives: Lives, tensors: tuple[int, ...], bodies: Bodies) -> None:
        self._lives, self._tensors = lives, tensors
        written = [n for n in graph.nodes if n.output in tensors and n.output not in bodies.views]
        offers = {n.output: offer_of(graph, n) for n in written}
        forms = {t: (graph.tensors[t].rows, graph.tensors[t].row_bytes) for t in tensors}
        self._known = Known(offers, forms, bodies)
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
        return shared(self._known, alive, times)


def offer_of(graph: Graph, node: Node) -> Offer:
    """Whose ring a node's output may be written into, if it is not a view."""
    state = next((s.before for s in graph.states if s.after == node.output), None)
    match operator_of(node.op).storage:
        case Storage.OVERWRITES:
            return Offer(operands(graph, node), state=state, apart=False)
        case Storage.ADVANCES:
            return Offer((), state=state, apart=False)
        case Storage.OWN | Storage.MOVED | Storage.IS_INPUT:
            return Offer((), state=state)


def accumulators(tables: Sequence[StepTable], timeline: Timeline) -> tuple[StepMemory, ...]:
    """Memory for the sums of every accumulating step."""
    return tuple(
        StepMemory(step, table.sum_bytes, timeline.event(step, 0), timeline.event(step, table.calls - 1))
        for step, table in enumerate(tables)
        if table.sum_bytes
    )


def kin(graph: Graph, bodies: Bodies) -> tuple[tuple[int, ...], ...]:
    """Activations in sets, whatever the schedule: those that could lie in one ring are in one set."""
    given = (*graph.inputs, *(s.before for s in graph.states))
    owner = {t: t for t in given}
    sets = {t: [t] for t in given}
    for node in graph.nodes:
        owner[node.output], sets[node.output] = node.output, [node.output]
        is_view = node.output in bodies.views
        for tensor in bodies.places[node.output] if is_view else offer_of(graph, node).tensors:
            if tensor not in owner:
                continue  # sees the same bytes later
            old, new = owner[node.output], owner[tensor]
            if old != new:
                for moved in sets.pop(old):
                    owner[moved] = new
                    sets[new].append(moved)
    position = {t: i for i, t in enumerate(owner)}
    return tuple(tuple(sorted(found, key=position.__getitem__)) for found in sets.values())
