"""Drops nodes whose output nothing reads, and states that nothing depends on."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node


def drop_dead(graph: Graph, *, whole_layers: bool = False) -> Graph:
    """Keep the nodes that an output of the network depends on; with `whole_layers`, all nodes of their layers.

    A file can only have an operator with all of its outputs.
    """
    wanted = set(graph.outputs)
    kept: list[Node] = []
    for node in reversed(graph.nodes):
        if node.output in wanted:
            wanted |= set(node.inputs)
            kept.append(node)
    if whole_layers:
        layers = {node.layer for node in kept}
        return replace(graph, nodes=tuple(n for n in graph.nodes if n.layer in layers))
    return replace(graph, nodes=tuple(reversed(kept)))
