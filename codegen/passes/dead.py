"""Drops nodes whose output nothing reads."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node


def drop_dead(graph: Graph) -> Graph:
    """Keep the nodes that an output of the network depends on."""
    wanted = set(graph.outputs)
    kept: list[Node] = []
    for node in reversed(graph.nodes):
        if node.output in wanted:
            wanted |= set(node.inputs)
            kept.append(node)
    return replace(graph, nodes=tuple(reversed(kept)))
