"""MACs and parameters of an architecture, counted on the graph that is built from it, as the papers count.

The classifier's products are among the multiply-adds; what a BatchNorm computes is not, since it is folded away.
Parameters are weights, γ and β of every BatchNorm and the classifier's bias: what training changes. In the graph γ and
β have become one bias, so a normalized layer's channels count once more. The digits that the papers print would allow
MobileNetV1 without γ and β as well; MobileNetV2's are nearest to its count without them.
"""

from dataclasses import dataclass

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import has_weights
from depthwise.codegen.operators.costs import total_macs

from .layers import layers
from .spec import Architecture
from .to_graph import build_graph
from .weights import blank_weights


@dataclass(frozen=True, slots=True)
class Cost:
    """What one inference multiplies, and parameters: in training (γ and β), and deployed (one bias)."""

    macs: int
    parameters: int
    deployed: int
    normalized_channels: int

    @property
    def without_normalization(self) -> int:
        """Parameters if no BatchNorm is counted."""
        return self.parameters - 2 * self.normalized_channels


def cost(architecture: Architecture) -> Cost:
    """Count an architecture; grouped convolutions as grouped."""
    graph = counted_graph(architecture)
    normalized = sum(layer.shape[-1] for layer in layers(architecture) if layer.normalized)
    deployed = parameters(graph)
    return Cost(total_macs(graph), deployed + normalized, deployed, normalized)


def counted_graph(architecture: Architecture) -> Graph:
    """The graph of an architecture without weights."""
    return build_graph(architecture, blank_weights(architecture), grouped=True)


def parameters(graph: Graph) -> int:
    """Elements of all weights and biases of a graph."""
    trained = {i for node in graph.nodes if has_weights(node.op) for i in node.inputs[1:]}
    return sum(graph.tensors[i].elements for i in trained)
