"""Folds MUL and ADD by constants (batch normalization) into the layers around them.

`y = m·x + a` per channel goes into the weights and bias of the layer before it; else into the layer behind it,
where padding does not come between; else it becomes a 1x1 DEPTHWISE_CONV_2D, which every int8 runtime has.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Array, DType, Graph, Node, Tensor
from depthwise.codegen.operators import (
    Activation,
    Add,
    DepthwiseConv2D,
    Mul,
    Pads,
    activation_of,
    has_weights,
    is_activated,
    operator_of,
    weights_of,
)
from depthwise.codegen.passes.dead import drop_dead
from depthwise.codegen.passes.rewire import exchanged, sole_reader, without, writer_of

Float64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Affine:
    """A MUL or ADD, with those right before it, as factors and offsets [C]; `source` is the tensor they change."""

    chain: tuple[Node, ...]
    source: int
    factors: Float64
    offsets: Float64
    activation: Activation

    @property
    def node(self) -> Node:
        """The last of the chain."""
        return self.chain[-1]


def fold_affine(graph: Graph) -> Graph:
    """Fold every MUL and ADD that has a constant operand."""
    for node in reversed(graph.nodes):
        affine = _chain(graph, node)
        if affine is not None:
            folded = _folded(graph, affine)
            if folded is not None:
                return fold_affine(drop_dead(folded, whole_layers=True))
    return graph


def _chain(graph: Graph, node: Node) -> _Affine | None:
    last = _affine(graph, node)
    before = None if last is None else writer_of(graph, last.source)
    if last is None or before is None or sole_reader(graph, last.source) is not node:
        return last
    first = _chain(graph, before)
    if first is None or first.activation is not Activation.NONE:
        return last
    offsets = first.offsets * last.factors + last.offsets
    factors = first.factors * last.factors
    return _Affine((*first.chain, node), first.source, factors, offsets, last.activation)


def _affine(graph: Graph, node: Node) -> _Affine | None:
    if not isinstance(node.op, Add | Mul):
        return None
    constants = [t for t in graph.inputs_of(node) if t.data is not None]
    sources = [i for i in node.inputs if graph.tensors[i].data is None]
    out = graph.output_of(node).shape
    channels = out[-1]
    if len(constants) != 1 or len(sources) != 1 or graph.tensors[sources[0]].shape != out:
        return None
    if constants[0].elements != 1 and (constants[0].shape[-1], constants[0].elements) != (channels, channels):
        return None
    assert constants[0].data is not None
    values = np.broadcast_to(constants[0].data.astype(np.float64).reshape(-1), (channels,))
    ones, zeros = np.ones(channels), np.zeros(channels)
    factors, offsets = (values, zeros) if isinstance(node.op, Mul) else (ones, values)
    return _Affine((node,), sources[0], factors, offsets, node.op.activation)


def _folded(graph: Graph, affine: _Affine) -> Graph | None:
    before = writer_of(graph, affine.source)
    alone = sole_reader(graph, affine.source) is affine.chain[0]
    if alone and before is not None and has_weights(before.op) and activation_of(before.op) is Activation.NONE:
        return _into_layer_before(graph, affine, before)
    behind = sole_reader(graph, affine.node.output)
    if behind is not None and has_weights(behind.op) and affine.activation is Activation.NONE:
        window_of = operator_of(behind.op).window
        pads = Pads() if window_of is None else window_of(graph, behind).pads
        if behind.inputs[0] == affine.node.output and (pads == Pads() or not affine.offsets.any()):
            return _into_layer_behind(graph, affine, behind)
    return _as_depthwise(graph, affine) if len(graph.output_of(affine.node).shape) == 4 else None


def scaled_output(graph: Graph, node: Node, factors: Float64, offsets: Float64 | float = 0.0) -> Graph:
    """The graph with a layer whose sums are multiplied by factors [O], and then have offsets [O] added."""
    weights, bias = _constants(graph, node)
    across = weights_of(node.op).per_filter(factors)
    graph, reads = _with_constants(graph, node, weights * across, bias * factors + offsets)
    return exchanged(graph, {node.output: replace(node, inputs=reads)})


def scaled_input(graph: Graph, node: Node, factors: Float64, offsets: Float64 | None = None) -> Graph:
    """The graph with a layer that reads x and computes with factors [I] · x + offsets [I]."""
    weights, bias = _constants(graph, node)
    known = weights_of(node.op)
    added = 0.0 if offsets is None else (weights * known.per_input(offsets, weights)).sum(axis=known.within_filter)
    graph, reads = _with_constants(graph, node, weights * known.per_input(factors, weights), bias + added)
    return exchanged(graph, {node.output: replace(node, inputs=reads)})


def _into_layer_before(graph: Graph, affine: _Affine, before: Node) -> Graph:
    assert is_activated(before.op)
    graph = scaled_output(graph, before, affine.factors, affine.offsets)
    scaled = next(n for n in graph.nodes if n.output == before.output)
    joined = replace(scaled, op=replace(before.op, activation=affine.activation), output=affine.node.output)
    return exchanged(graph, {affine.node.output: joined}, (scaled, *affine.chain[:-1]))


def _into_layer_behind(graph: Graph, affine: _Affine, behind: Node) -> Graph:
    graph = scaled_input(graph, behind, affine.factors, affine.offsets)
    return without(graph, affine.node, {affine.node.output: affine.source})


def _as_depthwise(graph: Graph, affine: _Affine) -> Graph:
    op = DepthwiseConv2D((1, 1), Pads(), (1, 1), 1, affine.activation)
    node = replace(affine.node, op=op, inputs=(affine.source,))
    graph, reads = _with_constants(graph, node, affine.factors.reshape(1, 1, 1, -1), affine.offsets)
    return exchanged(graph, {node.output: replace(node, inputs=reads)})


def _constants(graph: Graph, node: Node) -> tuple[Float64, Float64]:
    """Weights and biases of a layer (zeros where it has none)."""
    weights = graph.tensors[node.inputs[1]].data
    assert weights is not None
    given = graph.tensors[node.inputs[2]].data if len(node.inputs) > 2 else np.zeros(graph.output_of(node).shape[-1])
    assert given is not None
    return weights.astype(np.float64), given.astype(np.float64)


def _with_constants(graph: Graph, node: Node, weights: Float64, bias: Float64) -> tuple[Graph, tuple[int, ...]]:
    """The graph with two more constants, and what a node reads that works with them."""
    tensors = list(graph.tensors)
    for name, values in (("weights", weights), ("bias", bias)):
        tensors.append(_constant(len(tensors), f"{graph.output_of(node).name}/{name}", values))
    reads = node.inputs[0], len(tensors) - 2, len(tensors) - 1, *node.inputs[3:]
    return replace(graph, tensors=tuple(tensors)), reads


def _constant(index: int, name: str, values: Array) -> Tensor:
    data = values.astype(np.float32)
    data.setflags(write=False)
    return Tensor(index, name, data.shape, DType.FLOAT32, None, data=data)
