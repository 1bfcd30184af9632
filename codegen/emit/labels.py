"""What names in C call a layer: its number in the model, with another one behind where several nodes are one layer."""

from depthwise.codegen.graph import Graph, Node


def layer_label(graph: Graph, node: Node) -> str:
    """The layer's number in two digits; of a layer with several outputs also which of its nodes this is: `05_1`."""
    together = [n.output for n in graph.nodes if n.layer == node.layer]
    number = f"{node.layer:02d}"
    return number if len(together) < 2 else f"{number}_{together.index(node.output)}"
