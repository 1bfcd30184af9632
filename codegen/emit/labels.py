"""What names in C call a node: the number of its layer, with a letter behind it where nodes share one."""

from depthwise.codegen.graph import Graph, Node


def label(graph: Graph, node: Node) -> str:
    """Two digits or more, and a, b, … for the nodes that one operator of the model became."""
    same = [n.output for n in graph.nodes if n.layer == node.layer]
    letter = chr(ord("a") + same.index(node.output)) if len(same) > 1 else ""
    return f"{node.layer:02d}{letter}"
