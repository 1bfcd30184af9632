"""Drops nodes whose output nothing reads, and states that nothing depends on."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node


def drop_dead(graph: Graph, *, whole_layers: bool = False) -> Graph:
    """Keep the nodes and states that an output of the network depends on, in this run or a later one.

    With `whole_layers` all nodes of their layers: a file can only have an operator with all of its outputs.
    """
    ends = set(graph.outputs)
    while True:
        nodes, wanted = _needed(graph, ends)
        states = tuple(s for s in graph.states if s.before in wanted)
        if ends.issuperset(s.after for s in states):
            layers = {node.layer for node in nodes}
            nodes = tuple(n for n in graph.nodes if n.layer in layers) if whole_layers else nodes
            return replace(graph, nodes=nodes, states=states)
        ends |= {s.after for s in states}


def _needed(graph: Graph, ends: set[int]) -> tuple[tuple[Node, ...], set[int]]:
    """Nodes that some tensors depend on in one run, and all tensors that they read, the ends included."""
    wanted, kept = set(ends), list[Node]()
    for node in reversed(graph.nodes):
        if node.output in wanted:
            wanted |= set(node.inputs)
            kept.append(node)
    return tuple(reversed(kept)), wanted
