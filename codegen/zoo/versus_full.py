"""What each depthwise and pointwise pair of a model saves over the full convolution that it stands for.

Howard and others, "MobileNets" (2017), section 3.1: a K×K depthwise convolution and a 1×1 one to M channels take
1/M + 1/K² of the products, and of the weights, of one K×K convolution to M channels. Between the two may stand
activations; the stride is the depthwise layer's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Activation, Conv2D, DepthwiseConv2D, operator_of
from depthwise.codegen.operators.costs import macs, total_macs


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A depthwise layer and the 1×1 convolution behind it; `full_macs` is what one convolution would multiply."""

    depthwise: Node
    pointwise: Node
    kernel: tuple[int, int]
    inputs: int
    outputs: int
    macs: int
    full_macs: int
    multiplier: int

    @property
    def measured(self) -> float:
        """Share of the full convolution's products, counted on the model."""
        return self.macs / self.full_macs

    @property
    def predicted(self) -> float:
        """1/M + 1/K², the share that the paper derives (times the depth multiplier, which is 1 in MobileNets)."""
        return self.multiplier * (1 / self.outputs + 1 / prod(self.kernel))


@dataclass(frozen=True, slots=True)
class Saving:
    """Products of something as it is, and with full convolutions."""

    macs: int
    full_macs: int

    @property
    def ratio(self) -> float:
        """Share that is left; 1 where nothing is multiplied."""
        return self.macs / self.full_macs if self.full_macs else 1.0

    @property
    def times(self) -> float:
        """How many times fewer."""
        return 1 / self.ratio if self.macs else 1.0


def pairs(graph: Graph) -> tuple[Pair, ...]:
    """All pairs of a model, float or int8, in order; none where the model has none."""
    found = ((node, _pointwise_behind(graph, node)) for node in graph.nodes if isinstance(node.op, DepthwiseConv2D))
    return tuple(_pair(graph, depthwise, pointwise) for depthwise, pointwise in found if pointwise is not None)


def in_pairs(found: Sequence[Pair]) -> Saving:
    """The pairs alone."""
    return Saving(sum(p.macs for p in found), sum(p.full_macs for p in found))


def in_sum(graph: Graph, found: Sequence[Pair]) -> Saving:
    """The whole model, all other layers as they are."""
    of_pairs, total = in_pairs(found), total_macs(graph)
    return Saving(total, total - of_pairs.macs + of_pairs.full_macs)


def _pointwise_behind(graph: Graph, depthwise: Node) -> Node | None:
    """The 1×1 convolution that alone reads a depthwise layer, activations skipped."""
    at = depthwise
    while True:
        readers = [node for node in graph.nodes if at.output in node.inputs]
        if len(readers) != 1:
            return None
        (at,) = readers
        if operator_of(at.op).activation is Activation.NONE:
            return at if isinstance(at.op, Conv2D) and _is_pointwise(graph, at) else None


def _is_pointwise(graph: Graph, node: Node) -> bool:
    assert isinstance(node.op, Conv2D)
    weights = graph.inputs_of(node)[1].shape
    return weights[1:3] == (1, 1) and node.op.stride == (1, 1)


def _pair(graph: Graph, depthwise: Node, pointwise: Node) -> Pair:
    assert isinstance(depthwise.op, DepthwiseConv2D)
    kernel = graph.inputs_of(depthwise)[1].shape[1:3]
    inputs, out = graph.inputs_of(depthwise)[0].shape[3], graph.output_of(pointwise)
    return Pair(
        depthwise=depthwise,
        pointwise=pointwise,
        kernel=(kernel[0], kernel[1]),
        inputs=inputs,
        outputs=out.shape[3],
        macs=macs(graph, depthwise) + macs(graph, pointwise),
        full_macs=out.elements * prod(kernel) * inputs,
        multiplier=depthwise.op.depth_multiplier,
    )
