"""Which tensors share one piece of memory, and whose memory it is.

RESHAPE moves nothing: its output is its input under another shape. An operation that reads element i before
it writes element i may write over an input that nothing reads later. The caller owns the memory of the
network's input, which is never written to, and of its output.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from .graph import Graph, Node
from .operations import Add, Quantize, Relu, Relu6, Reshape, Softmax


class Place(Enum):
    """Whose memory a storage is."""

    INPUT = "input"
    OUTPUT = "output"
    ARENA = "arena"


@dataclass(frozen=True, slots=True)
class Storage:
    """Tensors that share memory, alive from step `first` (that writes it) to step `last` (that reads it)."""

    tensors: tuple[int, ...]
    place: Place
    size: int
    first: int
    last: int


def last_reads(graph: Graph) -> dict[int, int]:
    """Step at which each tensor is read for the last time; the network's outputs are read after the end."""
    reads = {tensor: step for step, node in enumerate(graph.nodes) for tensor in node.inputs}
    return reads | dict.fromkeys(graph.outputs, len(graph.nodes))


def storages(graph: Graph) -> tuple[Storage, ...]:
    """Group the activations of a graph into storages, in the order in which they are first written."""
    reads = last_reads(graph)
    owner = {tensor: tensor for tensor in graph.inputs}
    born = dict.fromkeys(graph.inputs, 0)
    alive_to = {tensor: reads.get(tensor, 0) for tensor in graph.inputs}
    for step, node in enumerate(graph.nodes):
        shared = _shared_with(graph, node, step, owner, alive_to)
        owner[node.output] = node.output if shared is None else shared
        born.setdefault(owner[node.output], step)
        last = max(reads.get(node.output, step), alive_to.get(owner[node.output], step))
        alive_to[owner[node.output]] = last
    return tuple(_storage(graph, root, owner, born, alive_to) for root in born)


def _shared_with(
    graph: Graph, node: Node, step: int, owner: Mapping[int, int], alive_to: Mapping[int, int]
) -> int | None:
    """Storage that the node's output may take over, or None if it needs its own."""
    match node.op:
        case Reshape():
            root = owner[node.inputs[0]]
            leaves = node.output in graph.outputs and root in graph.inputs
            return None if leaves else root
        case Add() | Softmax() | Quantize() | Relu() | Relu6():
            wanted = graph.output_of(node).elements
            for tensor in node.inputs:
                held = owner.get(tensor)
                if held is None or held in graph.inputs or alive_to[held] > step:
                    continue
                if graph.tensors[held].elements == wanted:
                    return held
    return None


def _storage(
    graph: Graph, root: int, owner: Mapping[int, int], born: Mapping[int, int], alive_to: Mapping[int, int]
) -> Storage:
    members = tuple(tensor for tensor, of in owner.items() if of == root)
    if root in graph.inputs:
        place = Place.INPUT
    else:
        place = Place.OUTPUT if set(members) & set(graph.outputs) else Place.ARENA
    size = graph.tensors[root].elements * graph.tensors[root].dtype.itemsize
    return Storage(members, place, size, born[root], alive_to[root])
