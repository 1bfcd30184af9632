"""Writes layers as the convolutions that they are, for which there are faster kernels, rows and narrowing."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node, Operation, Quantization
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected, Pads, Reshape, weights_of
from depthwise.codegen.operators.parts.weights import groups_of, vectors_of

from .constant_tensors import append
from .rewire import exchanged, sole_reader, writer_of


def as_convolutions(graph: Graph) -> Graph:
    """Three layers that are others by another name; products, sums and scales are the same ones.

    DEPTHWISE_CONV_2D of one channel is CONV_2D; CONV_2D with a group for each channel is DEPTHWISE_CONV_2D;
    FULLY_CONNECTED of each pixel of a map, between RESHAPEs or not, is CONV_2D 1x1.
    """
    for node in graph.nodes:
        match node.op:
            case DepthwiseConv2D() if graph.inputs_of(node)[0].shape[3] == 1 and node.op.depth_multiplier > 1:
                graph = _one_channel(graph, node)
            case Conv2D() if groups_of(graph, node) == graph.inputs_of(node)[0].shape[3] > 1:
                graph = _group_for_each_channel(graph, node)
            case FullyConnected() if vectors_of(graph, node) > 1:
                graph = _by_pixels(graph, node)
            case _:
                pass
    return graph


def _one_channel(graph: Graph, node: Node) -> Graph:
    op = node.op
    assert isinstance(op, DepthwiseConv2D)
    made = Conv2D(op.stride, op.pads, op.dilation, op.activation, weight_zero_point=op.weight_zero_point)
    return _with(graph, node, made, _values(graph, node).transpose(3, 1, 2, 0))


def _group_for_each_channel(graph: Graph, node: Node) -> Graph:
    op, (image, weights) = node.op, graph.inputs_of(node)[:2]
    assert isinstance(op, Conv2D)
    multiplier = weights.shape[0] // image.shape[3]
    zero_point = op.weight_zero_point
    made = DepthwiseConv2D(op.stride, op.pads, op.dilation, multiplier, op.activation, weight_zero_point=zero_point)
    return _with(graph, node, made, _values(graph, node).transpose(3, 1, 2, 0))


def _by_pixels(graph: Graph, node: Node) -> Graph:
    """FULLY_CONNECTED whose vectors are the pixels of a map, as they are or brought into a list and back."""
    assert isinstance(node.op, FullyConnected)
    before, behind = writer_of(graph, node.inputs[0]), sole_reader(graph, node.output)
    ends = node.inputs[0], node.output
    gone: tuple[Node, ...] = ()
    if not _is_map(graph, node, *ends) and _is_reshape(before) and _is_reshape(behind):
        assert before is not None
        assert behind is not None
        ends, gone = (before.inputs[0], behind.output), (behind,)
    if not _is_map(graph, node, *ends):
        return graph
    made = Conv2D((1, 1), Pads(), (1, 1), node.op.activation)
    moved = replace(node, inputs=(ends[0], *node.inputs[1:]), output=ends[1])
    rewired = exchanged(graph, {node.output: moved}, gone)
    return _with(rewired, moved, made, _values(graph, node)[:, np.newaxis, np.newaxis])


def _is_reshape(node: Node | None) -> bool:
    return node is not None and isinstance(node.op, Reshape)


def _is_map(graph: Graph, node: Node, source: int, target: int) -> bool:
    """Tell whether a matrix multiplies each pixel of an image."""
    image, out = graph.tensors[source].shape, graph.tensors[target].shape
    outputs, inputs = graph.inputs_of(node)[1].shape
    return len(image) == 4 and image[::3] == (1, inputs) and out == (*image[:3], outputs)


def _values(graph: Graph, node: Node) -> Array:
    data = graph.inputs_of(node)[1].data
    assert data is not None
    return data


def _with(graph: Graph, node: Node, op: Operation, values: Array) -> Graph:
    """The graph with a node that is another operation on weights of another layout."""
    tensors, given = list(graph.tensors), graph.inputs_of(node)[1]
    q, axis = given.quantization, weights_of(op).filter_axis
    moved = None if q is None else Quantization(q.scales, q.zero_points, axis if len(q.scales) > 1 else q.axis)
    weights = append(tensors, replace(given, quantization=moved), values)
    changed = replace(node, op=op, inputs=(node.inputs[0], weights, *node.inputs[2:]))
    return exchanged(replace(graph, tensors=tuple(tensors)), {node.output: changed})
