"""Drops nodes whose output nothing reads, and states that nothing depends on."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node


def drop_dead(graph: Graph) -> Graph:
    """Keep the nodes and states that an output of the network depends on, in this run or a later one."""
    ends = set(graph.outputs)
    while True:
        nodes, wanted = _needed(graph, ends)
        states = tuple(s for s in graph.states if s.before in wanted)
        if ends.issuperset(s.after for s in states):
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
