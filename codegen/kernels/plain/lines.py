"""Sums scaled by two products of 32 bits (`dw_lined`): which layers can be, and with which numbers."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.arithmetic.thresholds import Steps
from depthwise.codegen.arithmetic.two_products import solve
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import folded_bias, is_signed, parameters_of, weights_of
from depthwise.codegen.operators import weights_of as weights_room
from depthwise.codegen.operators.parameters import ConvParameters

from .scaling import scaling_refusal

LEAST, MOST = -128, 127  # of an int8 input


@dataclass(frozen=True, slots=True)
class Lines:
    """Of each channel an offset and both factors in one word, and the shifts of the layer."""

    words: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the lines of a layer depend on: its scaling, biases and the ends of its sums of w·x, [C] each."""

    parameters: ConvParameters
    biases: tuple[int, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]


def lines_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer's sums are scaled as TensorFlow Lite writes it."""
    reason = scaling_refusal(graph, node)
    if reason is not None:
        return reason
    if is_signed(parameters_of(Layer(graph, node))):
        return "its clamp shows how negative values are rounded"
    return "a channel has no line of two products" if lines_of(graph, node) is None else None


def lines_of(graph: Graph, node: Node) -> Lines | None:
    """Lines of a layer's channels, proved for every sum that its weights allow; None where one has none."""
    layer = Layer(graph, node)
    weights = weights_of(graph, node).astype(np.int64)
    within = weights_room(node.op).within_filter
    most = np.maximum(weights * LEAST, weights * MOST).sum(axis=within)
    least = np.minimum(weights * LEAST, weights * MOST).sum(axis=within)
    ends = (tuple(least.ravel().tolist()), tuple(most.ravel().tolist()))
    return _solved(_Sums(parameters_of(layer), folded_bias(layer), *ends))


@lru_cache(maxsize=256)
def _solved(sums: _Sums) -> Lines | None:
    p, biases = sums.parameters, _int64(sums.biases)
    plain = Steps(
        multipliers=_int64(p.multipliers),
        shifts=_int64(p.shifts),
        low=_int64(sums.least) + biases,
        high=_int64(sums.most) + biases,
        zero_point=p.output_zero_point,
        minimum=p.minimum,
        maximum=p.maximum,
    )
    found = solve(plain, biases)
    if found is None:
        return None
    m1, m0 = found.factors
    both = ((m1 << 16) | (m0 & 0xFFFF)).astype(np.uint32).view(np.int32)
    offsets = found.offsets.astype(np.uint64).astype(np.uint32).view(np.int32)
    return Lines(tuple(np.stack([offsets, both], axis=1).ravel().tolist()), found.low, found.high)


def _int64(values: tuple[int, ...]) -> Int64:
    return np.array(values, np.int64)
