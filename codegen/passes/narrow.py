"""Removes channels that are known or that nothing reads: narrower tensors, fewer weights, the same output.

What a known channel adds to a layer's sums goes into the layer's bias. Tensors keep their index; new weights and
biases are new tensors at the end, since a model may share constants between layers.
"""

from dataclasses import replace

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Node, Operation, State, Tensor
from depthwise.codegen.operators import Conv2D, operator_of, weights_of
from depthwise.codegen.operators.parts.channels import Alike

from .constant_tensors import append, selected
from .intervals import Intervals
from .known import Bools, border_table, contribution, foldable_channels, is_even
from .needs import Keep, kept_channels


def narrow(graph: Graph, found: Intervals) -> tuple[Graph, Keep]:
    """Remove known and unread channels; also tells which channels of each activation stay."""
    keep = kept_channels(graph, foldable_channels(graph, found))
    tensors = [_narrowed(t, keep.get(t.index)) for t in graph.tensors]
    nodes = tuple(_rewritten(graph, n, keep, found, tensors) for n in graph.nodes if keep[n.output].any())
    states = tuple(_narrowed_state(s, keep[s.before]) for s in graph.states if keep[s.before].any())
    return replace(graph, tensors=tuple(tensors), nodes=nodes, states=states), keep


def _narrowed_state(state: State, keep: Bools) -> State:
    initial = np.ascontiguousarray(state.initial[..., keep])
    initial.setflags(write=False)
    return replace(state, initial=initial)


def _narrowed(tensor: Tensor, keep: Bools | None) -> Tensor:
    if keep is None or keep.all() or not keep.any():
        return tensor
    return replace(tensor, shape=(*tensor.shape[:-1], int(keep.sum())))


def _rewritten(graph: Graph, node: Node, keep: Keep, found: Intervals, tensors: list[Tensor]) -> Node:
    """The node on narrowed tensors; weights and biases it needs are appended to `tensors`."""
    weights = operator_of(node.op).weights
    if weights is None:
        return _with_narrowed_constants(graph, node, keep[node.output], tensors)
    image, out = keep[node.inputs[0]], keep[node.output]
    if image.all() and out.all():
        return node
    given = graph.inputs_of(node)[1]
    assert given.data is not None
    scales = selected(given.quantization, np.flatnonzero(out))
    values, op = weights.selected(node.op, given.data, image, out)
    bias, op = _folded_bias(graph, replace(node, op=op), found, image, out)
    weights_index = append(tensors, replace(given, quantization=scales), values)
    bias_index = append(tensors, _bias_like(graph, node, out), bias)
    return replace(node, op=op, inputs=(node.inputs[0], weights_index, bias_index))


def _with_narrowed_constants(graph: Graph, node: Node, out: Bools, tensors: list[Tensor]) -> Node:
    """A node that goes channel by channel, with constants of the channels that stay."""
    if out.all() or not isinstance(operator_of(node.op).channels(graph, node), Alike):
        return node
    reads = []
    for tensor in graph.inputs_of(node):
        values = tensor.data if tensor.dtype is DType.INT8 and tensor.shape[-1:] == out.shape else None
        reads.append(tensor.index if values is None else append(tensors, tensor, values[..., out]))
    return replace(node, inputs=tuple(reads))


def _folded_bias(graph: Graph, node: Node, found: Intervals, image: Bools, out: Bools) -> tuple[Array, Operation]:
    """Bias of the channels that stay, with what removed input channels always add."""
    given = graph.tensors[node.inputs[2]].data if len(node.inputs) > 2 else None
    bias = (np.zeros(len(out)) if given is None else given).astype(np.int64)[out]
    op = node.op
    if not weights_of(op).mixes or image.all() or node.inputs[0] not in found:
        return bias.astype(np.int32), op
    at = found[node.inputs[0]]
    added = contribution(graph, node, at, at.known & ~image)[..., out]
    if is_even(added):
        return (bias + added.reshape(-1, len(bias))[0]).astype(np.int32), op
    assert isinstance(op, Conv2D)
    table, border = border_table(added)
    return (bias + table).astype(np.int32), replace(op, border=border)


def _bias_like(graph: Graph, node: Node, out: Bools) -> Tensor:
    if len(node.inputs) > 2:
        bias = graph.tensors[node.inputs[2]]
        return replace(bias, quantization=selected(bias.quantization, np.flatnonzero(out)))
    return Tensor(0, f"{graph.output_of(node).name}/bias", (), DType.INT32)
