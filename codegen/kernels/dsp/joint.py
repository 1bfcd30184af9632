"""Weights read as they lie: two int8 are one lane, and inputs are such that it adds up to the products of both.

A lane of weights is w = b + 256·a. Beside the input x of a stands 256·y − x + 127 for the input y of b. Then
x·w + (256·y − x + 127)·b is 256·(x·a + y·b) + 127·b, and 127·Σ b is a constant of the channel. So four weights take one
SXTB16, for the b, where lanes of each take two. docs/reference/kernels.md has the bounds.
"""

from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.arithmetic.thresholds import FACTOR
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.sums import sums_of
from depthwise.codegen.kernels.weighted import offset_refusal, weights_of
from depthwise.codegen.operators import Conv2D

from .gather import gather_of, in_order
from .lines import moved_lines_of
from .scaling import steep_channels

ADDED: Final = 127  # to 256 times one input less another, so that it is a lane
LEAST_LANE: Final = -(2**15)
SUM_LIMIT: Final = 2**23  # 256 times a smaller sum is within int32


def joint_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer's weights cannot be read two as one lane."""
    reason = offset_refusal(node)
    if reason is not None:
        return reason
    if (lanes_of_two(patch_weights(graph, node)) < LEAST_LANE).any():
        return "a weight of -128 does not fit into a lane beside a negative one"
    if moved_lines_of(graph, node) is not None:
        return None  # their sums are proved to be within int32 times 256
    if is_steep(graph, node):
        return "weights of a channel that is shifted to the left are larger multiples"
    steps = sums_of(graph, node).steps
    largest = int(max(abs(steps.low).max(), abs(steps.high).max()))
    return f"sums reach {largest:,}, less than {SUM_LIMIT:,} is supported" if largest >= SUM_LIMIT else None


def is_steep(graph: Graph, node: Node) -> bool:
    """Tell whether weights of some channels are stored as larger multiples than others, and so all as int16."""
    return bool(steep_channels(graph, node)) and moved_lines_of(graph, node) is None


def patch_weights(graph: Graph, node: Node) -> Array:
    """Weights [O, …] in the order in which inputs are gathered."""
    weights = weights_of(graph, node)
    return in_order(gather_of(graph, node), weights) if isinstance(node.op, Conv2D) else weights


def in_fours(weights: Array) -> Array:
    """Weights [O, …] as [O, K/4, 4], zeros behind them."""
    rows = weights.reshape(len(weights), -1)
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4))).reshape(len(rows), -1, 4)


def lanes_of_two(weights: Array) -> Int64:
    """Lanes of weights [O, …], [O, K/4, 2]: of each four the first with the second, the third with the last."""
    fours = in_fours(weights).astype(np.int64)
    return fours[..., 0::2] + FACTOR * fours[..., 1::2]


def joint_bias(weights: Array) -> Int64:
    """What 256 times the sums of weights [O, …] come out too large by, [O]."""
    return np.asarray(ADDED * in_fours(weights)[..., 0::2].sum(axis=(1, 2), dtype=np.int64))
