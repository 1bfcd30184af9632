"""What each layer costs: multiply-accumulates, bytes of weights, bytes of activations."""

from depthwise.codegen.graph import Graph, Node

from .registry import has_weights, operator_of


def macs(graph: Graph, node: Node) -> int:
    """Multiply-accumulates of one layer (OH·OW·O·KH·KW·I for a convolution), taps in the padding included.

    Layers without weights count 0, as everywhere in the literature.
    """
    return operator_of(node.op).macs(graph, node)


def weight_bytes(graph: Graph, node: Node) -> int:
    """Bytes of the weights and biases that one layer reads, as the model file stores them."""
    if not has_weights(node.op):
        return 0
    constants = [t for t in graph.inputs_of(node)[1:] if t.data is not None]
    return sum(t.nbytes for t in constants)


def activation_bytes(graph: Graph, node: Node) -> int:
    """Bytes of the tensors alive while one layer runs: its inputs that are no constants, and its output."""
    alive = [t for t in graph.inputs_of(node) if t.data is None]
    return sum(t.nbytes for t in [*alive, graph.output_of(node)])


def total_macs(graph: Graph) -> int:
    """Multiply-accumulates of one inference."""
    return sum(macs(graph, node) for node in graph.nodes)


def total_weight_bytes(graph: Graph) -> int:
    """Bytes of all weights and biases; constants that several layers share count once."""
    weighted = [n for n in graph.nodes if weight_bytes(graph, n)]
    shared = {t.index: t for n in weighted for t in graph.inputs_of(n)[1:] if t.data is not None}
    return sum(t.nbytes for t in shared.values())
