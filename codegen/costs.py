"""What each layer costs: multiply-accumulates, bytes of weights, bytes of activations."""

from dataclasses import dataclass
from math import prod

from .graph import Graph, Node
from .operations import Conv2D, DepthwiseConv2D, FullyConnected


def macs(graph: Graph, node: Node) -> int:
    """Multiply-accumulates of one layer (OH·OW·O·KH·KW·I for a convolution), taps in the padding included.

    Layers without weights count 0, as everywhere in the literature.
    """
    output = graph.output_of(node)
    match node.op:
        case Conv2D() | FullyConnected():
            weights = graph.tensors[node.inputs[1]]
            return output.elements * prod(weights.shape[1:])
        case DepthwiseConv2D():
            weights = graph.tensors[node.inputs[1]]
            return output.elements * weights.shape[1] * weights.shape[2]
        case _:
            return 0


def weight_bytes(graph: Graph, node: Node) -> int:
    """Bytes of the weights and biases that one layer reads, as the model file stores them."""
    match node.op:
        case Conv2D() | DepthwiseConv2D() | FullyConnected():
            constants = [t for t in graph.inputs_of(node)[1:] if t.data is not None]
            return sum(t.elements * t.dtype.itemsize for t in constants)
        case _:
            return 0


def activation_bytes(graph: Graph, node: Node) -> int:
    """Bytes of the tensors alive while one layer runs: its inputs that are no constants, and its output."""
    alive = [t for t in graph.inputs_of(node) if t.data is None]
    return sum(t.elements * t.dtype.itemsize for t in [*alive, graph.output_of(node)])


def total_macs(graph: Graph) -> int:
    """Multiply-accumulates of one inference."""
    return sum(macs(graph, node) for node in graph.nodes)


def total_weight_bytes(graph: Graph) -> int:
    """Bytes of all weights and biases; constants that several layers share count once."""
    weighted = [n for n in graph.nodes if weight_bytes(graph, n)]
    shared = {t.index: t for n in weighted for t in graph.inputs_of(n)[1:] if t.data is not None}
    return sum(t.elements * t.dtype.itemsize for t in shared.values())


@dataclass(frozen=True, slots=True)
class SeparablePair:
    """A depthwise convolution and the 1×1 convolution behind it, against the full convolution they replace.

    For kernel K×K and M output channels the pair costs 1/M + 1/K² of the full convolution (MobileNets, 2017).
    """

    depthwise: Node
    pointwise: Node
    macs: int
    full_macs: int


def separable_pairs(graph: Graph) -> tuple[SeparablePair, ...]:
    """Every depthwise convolution that is read by a 1×1 convolution, in execution order."""
    writers = {node.output: node for node in graph.nodes if isinstance(node.op, DepthwiseConv2D)}
    pairs = []
    for node in graph.nodes:
        before = writers.get(node.inputs[0])
        if before is None or not isinstance(node.op, Conv2D):
            continue
        if graph.tensors[node.inputs[1]].shape[1:3] == (1, 1):
            pairs.append(_pair(graph, before, node))
    return tuple(pairs)


def _pair(graph: Graph, depthwise: Node, pointwise: Node) -> SeparablePair:
    kernel = graph.tensors[depthwise.inputs[1]].shape[1:3]
    full = macs(graph, pointwise) * prod(kernel)
    return SeparablePair(depthwise, pointwise, macs(graph, depthwise) + macs(graph, pointwise), full)
