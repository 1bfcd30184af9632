"""When each row is written and read last, and which tensors can lie in one ring.

A ring of depth D holds row r in slot r % D; row r must be dead when row r + D is written. Times are indexes into
the order of calls; a row that a call reads and a row that it writes are alive together.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import Storage, operator_of

from .reads import access_of, access_to, accumulates, accumulator_bytes, operands, rows_read, rows_written
from .simulate import INPUT, Call


@dataclass(slots=True)
class Lifetime:
    """Times at which each row of a tensor is written (`born`) and read last (`dies`)."""

    born: list[int]
    dies: list[int]


@dataclass(frozen=True, slots=True)
class Group:
    """Tensors in one ring: `depth` rows of each where all have the same rows, else all of them (`depth` None)."""

    tensors: tuple[int, ...]
    depth: int | None
    size: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sums:
    """int32 sums of an accumulating step and the times of their first and last use."""

    step: int
    size: int
    first: int
    last: int


def lifetimes(graph: Graph, order: Sequence[Call]) -> dict[int, Lifetime]:
    """Lifetime of every row of every activation; the network's outputs live to the end."""
    found = {t: _unborn(graph.tensors[t]) for t in (*graph.inputs, *(n.output for n in graph.nodes))}
    taken = [
        (access_of(graph, n), [(t, access_to(graph, n, t)) for t in operands(graph, n)], graph.inputs_of(n)[0].rows)
        for n in graph.nodes
    ]
    for time, call in enumerate(order):
        if call.step == INPUT:
            found[graph.inputs[0]].born[call.row] = found[graph.inputs[0]].dies[call.row] = time
            continue
        access, reads, rows = taken[call.step]
        for tensor, access_to_it in reads:
            first, last = rows_read(access_to_it, graph.tensors[tensor].rows, call.row)
            found[tensor].dies[first : last + 1] = [time] * (last + 1 - first)
        written = found[graph.nodes[call.step].output]
        first, last = rows_written(access, rows, len(written.born), call.row)
        for row in range(first, last + 1):
            written.born[row] = written.dies[row] = time
    for output in graph.outputs:
        found[output].dies = [len(order)] * len(found[output].dies)
    return found


def _unborn(tensor: Tensor) -> Lifetime:
    return Lifetime([-1] * tensor.rows, [-1] * tensor.rows)


def accumulators(graph: Graph, order: Sequence[Call]) -> tuple[Sums, ...]:
    """Sums of every accumulating step."""
    found = []
    for step, node in enumerate(graph.nodes):
        if accumulates(graph, node):
            times = [time for time, call in enumerate(order) if call.step == step]
            found.append(Sums(step, accumulator_bytes(graph, node), times[0], times[-1]))
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
    same = graph.tensors[old].elements == graph.tensors[new].elements
    return same and max(alive[old].dies) <= min(alive[new].born)


def _form(tensor: Tensor) -> tuple[int, int]:
    return tensor.rows, tensor.row_bytes


def _group(graph: Graph, tensors: Sequence[int], alive: dict[int, Lifetime]) -> Group:
    forms = {_form(graph.tensors[t]) for t in tensors}
    first = min(min(alive[t].born) for t in tensors)
    last = max(max(alive[t].dies) for t in tensors)
    if len(forms) > 1:
        return Group(tuple(tensors), None, graph.tensors[tensors[0]].elements, first, last)
    ((rows, row_bytes),) = forms
    born = [min(alive[t].born[r] for t in tensors) for r in range(rows)]
    dies = [max(alive[t].dies[r] for t in tensors) for r in range(rows)]
    depth = max(bisect_right(born, dies[r]) - r for r in range(rows))
    return Group(tuple(tensors), depth, depth * row_bytes, first, last)
