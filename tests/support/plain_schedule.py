"""The schedule the plain way: the whole network call after call, every row of every tensor, no part of it reused.

What `codegen/schedule` puts together from segments has to be what this gives for the whole.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import Storage, operator_of
from depthwise.codegen.schedule import INPUT, Call, Segments
from depthwise.codegen.schedule.memory import Group, StepMemory
from depthwise.codegen.schedule.reads import (
    access_of,
    access_to,
    accumulates,
    accumulator_bytes,
    calls_of,
    operands,
    rows_read,
    rows_touched,
    rows_written,
)


@dataclass(slots=True)
class Lifetime:
    """Times at which each row of a tensor is written first (`born`) and used last (`dies`)."""

    born: list[int]
    dies: list[int]


def simulate(graph: Graph, segments: Segments) -> tuple[Call, ...]:
    """Order of calls; raises AssertionError if a node could never run, a bug of ours."""
    state = _State(graph)
    first_reader = [next((i for i, n in enumerate(graph.nodes) if t in n.inputs), 0) for t in graph.inputs]
    for start, stop in segments:
        state.run(range(start, stop), [k for k, reader in enumerate(first_reader) if start <= reader < stop])
    assert state.finished()
    return tuple(state.order)


class _State:
    """How many rows of each tensor exist, and how many calls of each step have run."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.order: list[Call] = []
        self._rows = dict.fromkeys(graph.inputs, 0)
        self._done = [0] * len(graph.nodes)
        self._calls = [calls_of(graph, n) for n in graph.nodes]
        self._needs = [_needs(graph, step, calls) for step, calls in enumerate(self._calls)]
        self._gives = [_gives(graph, step, calls) for step, calls in enumerate(self._calls)]

    def run(self, steps: Sequence[int], inputs: Sequence[int]) -> None:
        """Run a segment to its end; the rows of some inputs arrive during it."""
        while True:
            ready = next((s for s in reversed(steps) if self._can_run(s)), None)
            if ready is not None:
                self._call(ready)
            elif not self._feed(inputs):
                return

    def finished(self) -> bool:
        """Tell whether every call has run."""
        return self._done == self._calls

    def _can_run(self, step: int) -> bool:
        call = self._done[step]
        if call == self._calls[step]:
            return False
        return all(self._rows.get(t, 0) >= rows for t, rows in self._needs[step][call])

    def _call(self, step: int) -> None:
        call = self._done[step]
        self.order.append(Call(step, call))
        self._done[step] += 1
        output = self.graph.nodes[step].output
        self._rows[output] = max(self._rows.get(output, 0), self._gives[step][call])

    def _feed(self, inputs: Sequence[int]) -> bool:
        """Let a row arrive of the input of which the least has."""
        fed = {k: self._rows[self.graph.inputs[k]] / self.graph.tensors[self.graph.inputs[k]].rows for k in inputs}
        number = min(fed, key=fed.__getitem__, default=None)
        if number is None or fed[number] == 1:
            return False
        tensor = self.graph.inputs[number]
        self.order.append(Call(INPUT - number, self._rows[tensor]))
        self._rows[tensor] += 1
        return True


def _needs(graph: Graph, step: int, calls: int) -> list[list[tuple[int, int]]]:
    """For each call of a step: operands, and how many rows of them must exist."""
    node = graph.nodes[step]
    tensors = [(t, access_to(graph, node, t), graph.tensors[t].rows) for t in operands(graph, node)]
    return [[(t, rows_read(access, rows, call)[1] + 1) for t, access, rows in tensors] for call in range(calls)]


def _gives(graph: Graph, step: int, calls: int) -> list[int]:
    """For each call of a step: how many rows of its output exist behind it."""
    node = graph.nodes[step]
    access, read, rows = access_of(graph, node), graph.inputs_of(node)[0].rows, graph.output_of(node).rows
    counts, so_far = [], 0
    for call in range(calls):
        first, last = rows_written(access, read, rows, call)
        so_far = last + 1 if first <= last else so_far
        counts.append(so_far)
    return counts


def lifetimes(graph: Graph, order: Sequence[Call]) -> dict[int, Lifetime]:
    """Lifetime of every row of every activation; the network's outputs live to the end."""
    found = {t: _unborn(graph.tensors[t]) for t in (*graph.inputs, *(n.output for n in graph.nodes))}
    taken = [
        (access_of(graph, n), [(t, access_to(graph, n, t)) for t in operands(graph, n)], graph.inputs_of(n)[0].rows)
        for n in graph.nodes
    ]
    for time, call in enumerate(order):
        if call.step <= INPUT:
            image = found[graph.inputs[INPUT - call.step]]
            image.born[call.row] = image.dies[call.row] = time
            continue
        access, reads, rows = taken[call.step]
        for tensor, access_to_it in reads:
            first, last = rows_read(access_to_it, graph.tensors[tensor].rows, call.row)
            found[tensor].dies[first : last + 1] = [time] * (last + 1 - first)
        written = found[graph.nodes[call.step].output]
        first, last = rows_touched(access, rows, len(written.born), call.row)
        for row in range(first, last + 1):
            written.born[row] = time if written.born[row] < 0 else written.born[row]
            written.dies[row] = time
    for output in graph.outputs:
        found[output].dies = [len(order)] * len(found[output].dies)
    return found


def _unborn(tensor: Tensor) -> Lifetime:
    return Lifetime([-1] * tensor.rows, [-1] * tensor.rows)


def accumulators(graph: Graph, order: Sequence[Call]) -> tuple[StepMemory, ...]:
    """StepMemory of every accumulating step."""
    found = []
    for step, node in enumerate(graph.nodes):
        if accumulates(graph, node):
            times = [time for time, call in enumerate(order) if call.step == step]
            found.append(StepMemory(step, accumulator_bytes(graph, node), times[0], times[-1]))
    return tuple(found)


def groups(graph: Graph, alive: dict[int, Lifetime]) -> tuple[Group, ...]:
    """Let outputs take over the ring of an input that dies with each row; a RESHAPE's output is its input."""
    members: dict[int, list[int]] = {}
    owner: dict[int, int] = {}
    for tensor in alive:
        writer = next((n for n in graph.nodes if n.output == tensor), None)
        shared = None if writer is None else _taken_over(graph, writer, members, owner, alive)
        owner[tensor] = tensor if shared is None else shared
        members.setdefault(owner[tensor], []).append(tensor)
    return tuple(_group(graph, of, alive) for of in members.values())


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
    separate = {root: _group(graph, members[root], alive) for root in fits}
    return min(
        fits, key=lambda r: _group(graph, [*members[r], node.output], alive).size - separate[r].size, default=None
    )


def _dead_before(graph: Graph, old: int, new: int, alive: dict[int, Lifetime]) -> bool:
    """Tell whether each row of `old` is read for the last time by the call that writes the same row of `new`."""
    if _form(graph.tensors[old]) == _form(graph.tensors[new]):
        return all(dies <= born for dies, born in zip(alive[old].dies, alive[new].born, strict=True))
    same = _bytes(graph.tensors[old]) == _bytes(graph.tensors[new])
    return same and max(alive[old].dies) <= min(alive[new].born)


def _bytes(tensor: Tensor) -> int:
    return tensor.rows * tensor.row_bytes


def _form(tensor: Tensor) -> tuple[int, int]:
    return tensor.rows, tensor.row_bytes


def _group(graph: Graph, tensors: Sequence[int], alive: dict[int, Lifetime]) -> Group:
    forms = {_form(graph.tensors[t]) for t in tensors}
    first = min(min(alive[t].born) for t in tensors)
    last = max(max(alive[t].dies) for t in tensors)
    if len(forms) > 1:
        return Group(tuple(tensors), None, _bytes(graph.tensors[tensors[0]]), first, last)
    ((rows, row_bytes),) = forms
    born = [min(alive[t].born[r] for t in tensors) for r in range(rows)]
    dies = [max(alive[t].dies[r] for t in tensors) for r in range(rows)]
    depth = max(bisect_right(born, dies[r]) - r for r in range(rows))
    return Group(tuple(tensors), depth, depth * row_bytes, first, last)
