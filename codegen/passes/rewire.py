"""Who writes and who reads a tensor, and how to take a node out of a graph."""

from collections.abc import Mapping
from dataclasses import replace

from depthwise.codegen.graph import Graph, Node


def writer_of(graph: Graph, tensor: int) -> Node | None:
    """Node that writes a tensor; None for inputs and constants."""
    return next((n for n in graph.nodes if n.output == tensor), None)


def readers_of(graph: Graph, tensor: int) -> tuple[Node, ...]:
    """Nodes that read a tensor."""
    return tuple(n for n in graph.nodes if tensor in n.inputs)


def sole_reader(graph: Graph, tensor: int) -> Node | None:
    """The one node that reads a tensor; None if several do, or if it is wanted behind the end of a run."""
    readers = readers_of(graph, tensor)
    return readers[0] if len(readers) == 1 and tensor not in graph.lasting else None


def without(graph: Graph, gone: Node, instead: Mapping[int, int]) -> Graph:
    """The graph without one node; readers of the tensors in `instead` read others in their place."""
    nodes = (n for n in graph.nodes if n is not gone)
    return replace(graph, nodes=tuple(replace(n, inputs=tuple(instead.get(i, i) for i in n.inputs)) for n in nodes))


def exchanged(graph: Graph, changed: Mapping[int, Node], gone: tuple[Node, ...] = ()) -> Graph:
    """The graph with some nodes exchanged, by the tensor they wrote, and some gone."""
    kept = (n for n in graph.nodes if not any(n is g for g in gone))
    return replace(graph, nodes=tuple(changed.get(n.output, n) for n in kept))
