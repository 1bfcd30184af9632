"""Brings channels that have no weights into a range that every kernel takes.

What such a channel gives is the same everywhere, and known. Training leaves them with a tiny scale, and converters with
a bias as large as an int32 can be; one of them would keep a whole layer from the kernels that double its sums.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.quantization import quantization_of
from depthwise.codegen.operators.parts.weights import Weights, output_of

from .constant_tensors import append

LARGEST_BIAS: Final = 2**22
RIGHT_SHIFTS: Final = range(1, 16)
STEPS: Final = 256  # of the sum for one of the output

Int64 = NDArray[np.int64]


def settle_constants(graph: Graph) -> Graph:
    """Give channels without weights, out of range, a bias and a scale that come to the same in every arithmetic."""
    tensors = list(graph.tensors)
    nodes = tuple(_settled(graph, node, tensors) for node in graph.nodes)
    return graph if len(tensors) == len(graph.tensors) else replace(graph, nodes=nodes, tensors=tuple(tensors))


def _settled(graph: Graph, node: Node, tensors: list[Tensor]) -> Node:
    weights = operator_of(node.op).weights
    if weights is None or len(node.inputs) < 3 or weights.border(node.op) is not None:
        return node
    kernel, bias = graph.inputs_of(node)[1:3]
    assert kernel.data is not None
    assert bias.data is not None
    image, scaled, out = map(quantization_of, (graph.inputs_of(node)[0], kernel, graph.output_of(node)))
    odd = _odd_channels(weights, graph, node)
    if len(scaled.scales) != len(bias.data) or not odd.any():
        return node
    values = _outputs(weights, graph, node)
    channels = odd & (values == values[0]).all(axis=0)
    if not channels.any():
        return node
    biases, scales = bias.data.copy(), np.array(scaled.scales)
    biases[channels] = STEPS * (values[0][channels] - out.zero_point)
    scales[channels] = np.float32(out.scale / image.scale / STEPS)
    like = replace(kernel, quantization=replace(scaled, scales=tuple(scales.tolist())))
    new = append(tensors, like, kernel.data), append(tensors, bias, biases)
    return replace(node, inputs=(node.inputs[0], *new, *node.inputs[3:]))


def _odd_channels(weights: Weights, graph: Graph, node: Node) -> NDArray[np.bool_]:
    """Channels without weights whose bias or scale is out of range."""
    silent: NDArray[np.bool_] = ~(weights.real(graph, node) != 0).any(axis=weights.within_filter)
    shifts, biases = weights.parameters(graph, node).shifts, weights.bias(graph, node)
    pairs = zip(biases.tolist(), shifts, strict=True)
    far = np.array([abs(b) > LARGEST_BIAS or -s not in RIGHT_SHIFTS for b, s in pairs], np.bool_)
    return np.asarray(silent & far)


def _outputs(weights: Weights, graph: Graph, node: Node) -> Int64:
    """What each channel gives for its bias alone in each arithmetic, [modes, O], TFLM's first."""
    sums = weights.bias(graph, node).astype(np.int64)
    return np.array([output_of(sums, weights.parameters(graph, node, mode), mode) for mode in Mode])
