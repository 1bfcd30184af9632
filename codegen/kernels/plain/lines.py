"""Sums scaled by two products of 32 bits (`dw_lined`): which layers can be, and with which numbers."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from depthwise.codegen.arithmetic.two_products import solve
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.sums import Sums, int64, sums_of
from depthwise.codegen.kernels.weighted import is_signed, parameters_of

from .scaling import is_fitted, scaling_refusal


@dataclass(frozen=True, slots=True)
class Lines:
    """Of each channel an offset and both factors in one word, and the shifts of the layer."""

    words: tuple[int, ...]
    low: int
    high: int


def lines_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer's sums are scaled as TensorFlow Lite writes it."""
    return scaling_refusal(graph, node) or unlined(graph, node)


def unlined(graph: Graph, node: Node) -> str | None:
    """Why a layer has no lines, whatever the zero point of its weights."""
    if is_fitted(graph, node):
        return "a channel has numbers of its own"
    if is_signed(parameters_of(Layer(graph, node))):
        return "its clamp shows how negative values are rounded"
    return "a channel has no line of two products" if lines_of(graph, node) is None else None


def is_on_lines(graph: Graph, node: Node) -> bool:
    """Tell whether all channels have a line of two products."""
    return lines_of(graph, node) is not None


def lines_of(graph: Graph, node: Node) -> Lines | None:
    """Lines of a layer's channels, proved for every sum that its weights allow; None where one has none."""
    return _solved(sums_of(graph, node))


@lru_cache(maxsize=256)
def _solved(sums: Sums) -> Lines | None:
    found = solve(sums.steps, int64(sums.biases))
    if found is None:
        return None
    m1, m0 = found.factors
    both = ((m1 << 16) | (m0 & 0xFFFF)).astype(np.uint32).view(np.int32)
    offsets = found.offsets.astype(np.uint64).astype(np.uint32).view(np.int32)
    return Lines(tuple(np.stack([offsets, both], axis=1).ravel().tolist()), found.low, found.high)
