"""Hybrid models, whose weights are 8-bit and whose activations are float32, become float models."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import DType, Graph, Node, Tensor
from depthwise.codegen.operators import has_weights


def dequantized(graph: Graph) -> Graph:
    """The graph with real weights where a float layer reads 8-bit ones; a note says of how many layers.

    LiteRT runs such layers with activations rounded to 8 bits on the fly ("dynamic range"); here they are what
    the stored weights mean in real numbers.
    """
    layers = [n for n in graph.nodes if _is_hybrid(graph, n)]
    if not layers:
        return graph
    real = {n.inputs[1]: _real(n, graph.tensors[n.inputs[1]]) for n in layers}
    note = f"{len(layers)} layers have 8-bit weights and float activations (a hybrid model): weights are read as floats"
    return replace(graph, tensors=tuple(real.get(t.index, t) for t in graph.tensors), notes=(*graph.notes, note))


def _is_hybrid(graph: Graph, node: Node) -> bool:
    if not has_weights(node.op):
        return False
    image, weights = graph.inputs_of(node)[:2]
    floats = image.dtype is DType.FLOAT32 and graph.output_of(node).dtype is DType.FLOAT32
    known = weights.data is not None and weights.quantization is not None
    return floats and known and weights.dtype in (DType.INT8, DType.UINT8)


def _real(node: Node, weights: Tensor) -> Tensor:
    q, rank = weights.quantization, len(weights.shape)
    assert q is not None
    assert weights.data is not None
    if not 0 <= q.axis < max(rank, 1) or len(q.scales) not in (1, *weights.shape[q.axis : q.axis + 1]):
        raise ModelError(f"{node} has {len(q.scales)} weight scales along axis {q.axis} of shape {weights.shape}")
    along = [-1 if i == q.axis else 1 for i in range(rank)]
    scales, zeros = (np.array(v, np.float64).reshape(along) for v in (q.scales, q.zero_points))
    values = ((weights.data.astype(np.float64) - zeros) * scales).astype(np.float32)
    values.setflags(write=False)
    return replace(weights, dtype=DType.FLOAT32, quantization=None, data=values)
