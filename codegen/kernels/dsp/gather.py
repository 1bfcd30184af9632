"""How the inputs of a block of pixels are brought together: one tap, whole pixels, or runs of bytes."""

from typing import Literal

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.weighted import is_pointwise, taps_of
from depthwise.codegen.operators import Conv2D

Gather = Literal["pointwise", "taps", "runs"]


def gather_of(graph: Graph, node: Node) -> Gather:
    """How a CONV_2D gathers; templates of these names do it."""
    if is_pointwise(graph, node):
        return "pointwise"
    return "taps" if graph.tensors[node.inputs[1]].shape[3] % 4 == 0 else "runs"


def in_order(gather: Gather, weights: Array) -> Array:
    """Weights [O, KH, KW, I] in the order in which a patch is gathered.

    For runs of bytes whole words of each row come first.
    """
    if gather != "runs":
        return weights
    rows = weights.reshape(*weights.shape[:2], -1)
    words = rows.shape[2] // 4 * 4
    both = (rows[:, :, :words], rows[:, :, words:])
    return np.concatenate([part.reshape(len(weights), -1) for part in both], axis=1)


def edge_pixels(graph: Graph, node: Node) -> int:
    """Outputs that are gathered byte by byte: whole rows at the top and bottom, blocks at the left and right."""
    assert isinstance(node.op, Conv2D)
    _, height, width, _ = graph.inputs_of(node)[0].shape
    _, rows, columns, _ = graph.output_of(node).shape
    kernel_h, kernel_w = taps_of(graph, node)
    (down, right), (top, left), (tall, wide) = node.op.stride, (node.op.pads.top, node.op.pads.left), node.op.dilation
    inside = [_inside(y, down, top, (kernel_h - 1) * tall, height) for y in range(rows)]
    across = [_inside(x, right, left, (kernel_w - 1) * wide, width) for x in range(columns)]
    slow = sum(len(across[i : i + 3]) for i in range(0, columns, 3) if not all(across[i : i + 3]))
    return sum(slow if row else columns for row in inside)


def _inside(at: int, stride: int, pad: int, reach: int, size: int) -> bool:
    return at * stride >= pad and at * stride - pad + reach < size
