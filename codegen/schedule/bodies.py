"""Tensors that are one memory: what a layer moves need not be moved where it lies in order, at its place in the output.

A layer that moves nothing is a view. A RESHAPE always is one. A CONCATENATION can be one if what it joins is computed
where it belongs, a SPLIT if its parts lie one behind the other. Views tie tensors together into bodies.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Storage, operator_of
from depthwise.codegen.operators.parts import moves

WORD: Final = 4
Places = Mapping[int, int]  # of tensors, in bytes
Shift = tuple[Places, int]  # of a body, by so many bytes


@dataclass(frozen=True, slots=True)
class Bodies:
    """The body of each activation: the bytes at which its tensors begin, the first of all being 0.

    `views` are the outputs of the nodes that move nothing.
    """

    places: Mapping[int, Places]
    views: frozenset[int]


def is_view(node: Node) -> bool:
    """Tell whether a node moves nothing in any plan."""
    return operator_of(node.op).storage is Storage.IS_INPUT


def movable(graph: Graph) -> frozenset[int]:
    """Outputs of the nodes that would move nothing if a plan placed what they read."""
    able = {n.output for n in graph.nodes if not is_view(n) and _distances(graph, n)}
    return bodies(graph, able).views & able


def bodies(graph: Graph, wanted: Collection[int]) -> Bodies:
    """Bodies where the nodes that write `wanted` tensors are views, as far as they can be together."""
    given = (*graph.inputs, *(s.before for s in graph.states))
    found: dict[int, Places] = {t: {t: 0} for t in given}
    views: list[int] = []
    for node in graph.nodes:
        joined = None
        if is_view(node):
            joined = _joined(graph, found, node.output, {node.inputs[0]: 0})
        elif node.output in wanted:
            joined = _joined(graph, found, node.output, _distances(graph, node))
            if joined is not None and _is_other_state(graph, joined):
                joined = None
        found[node.output] = {node.output: 0}
        if joined is not None:
            views.append(node.output)
            found |= dict.fromkeys(joined, joined)
    return Bodies(found, frozenset(views))


def _distances(graph: Graph, node: Node) -> Places:
    """How many bytes behind the begin of its output a node's operands have to begin; empty if it has to move any."""
    operator = operator_of(node.op)
    if operator.storage is not Storage.MOVED:
        return {}
    found = moves.distances(operator.compute, operator.activations(node), graph, node)
    if found is None:
        return {}
    size = graph.output_of(node).dtype.itemsize
    pairs = [(t, d * size) for t, d in zip(node.inputs, found, strict=False) if d is not None]
    alone = len({t for t, _ in pairs}) == len(pairs)
    return dict(pairs) if alone and all(distance % WORD == 0 for _, distance in pairs) else {}


def _joined(graph: Graph, found: Mapping[int, Places], output: int, distances: Places) -> Places | None:
    """The body of an output and of all that it sees; None where two of them cannot have the same bytes."""
    shifts: dict[int, Shift] = {}  # by the first tensor of a body
    for tensor, distance in distances.items():
        places = found[tensor]
        shift = places, distance - places[tensor]
        if shifts.setdefault(next(iter(places)), shift) != shift:
            return None
    if not shifts or not _apart(graph, list(shifts.values())):
        return None
    joined = {t: at + by for places, by in shifts.values() for t, at in places.items()} | {output: 0}
    first = min(joined.values())
    return {t: at - first for t, at in joined.items()}


def _apart(graph: Graph, shifts: Sequence[Shift]) -> bool:
    """Tell whether bodies share no byte."""
    spans = sorted((by, by + size_of(graph, places)) for places, by in shifts)
    return all(end <= start for (_, end), (start, _) in pairwise(spans))


def _is_other_state(graph: Graph, places: Places) -> bool:
    """Tell whether what a state becomes shares bytes with another state: the copies of both could need an order."""
    afters = [s for s in graph.states if s.after in places]
    others = [s for s in graph.states if s.before in places]
    size = {t: graph.tensors[t].nbytes for t in places}
    return any(
        a is not b
        and places[a.after] < places[b.before] + size[b.before]
        and places[b.before] < places[a.after] + size[a.after]
        for a in afters
        for b in others
    )


def size_of(graph: Graph, places: Places) -> int:
    """Bytes of a body."""
    return max(at + graph.tensors[t].nbytes for t, at in places.items())
