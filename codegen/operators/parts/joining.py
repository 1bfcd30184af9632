"""Values of operators that join two tensors: broadcast, in int8, int32 and real numbers; intervals and identities."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Array, DType, Graph, Node, Tensor

from .activation import clamped, is_activated
from .computing import Compute, ComputeReal, Float64, Operands, in_float64, refuse_float
from .intervals import Interval, IntervalRule, Intervals, within

Pair = tuple[Array, Array]
Join = Callable[[Graph, Node, Pair, Mode], Array]
Clamp = Callable[[Graph, Node], tuple[int, int]]
Corner = tuple[int, int]
LOWER: Final = 0
UPPER: Final = 1
RISING: Final[tuple[Corner, ...]] = ((LOWER, LOWER), (UPPER, UPPER))
RISING_AND_FALLING: Final[tuple[Corner, ...]] = ((LOWER, UPPER), (UPPER, LOWER))
ALL_CORNERS: Final[tuple[Corner, ...]] = (*RISING, *RISING_AND_FALLING)
EVERY_VALUE: Final = np.arange(-128, 128).astype(np.int8)


def compute(join: Join, of_integers: Callable[[Array, Array], Array]) -> Compute:
    """The arithmetic of int8 tensors; for int32, which computes shapes, that of integers."""

    def computed(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
        pair = _aligned(graph, node, (operands[0], operands[1]))
        match graph.output_of(node).dtype:
            case DType.FLOAT32:
                return refuse_float(graph, node, operands, mode)
            case DType.INT32:
                return np.asarray(of_integers(*pair)).astype(np.int32)
            case _:
                return join(graph, node, pair, mode)

    return computed


def compute_real(join: Callable[[Float64, Float64], Float64]) -> ComputeReal:
    """The arithmetic of real numbers, and the activation."""

    def computed(graph: Graph, node: Node, reals: tuple[Float64, ...]) -> Float64:
        one, other = _aligned(graph, node, reals)
        joined = join(one.astype(np.float64), other.astype(np.float64))
        return clamped(joined, node.op.activation) if is_activated(node.op) else joined

    return in_float64(computed)


def _aligned(graph: Graph, node: Node, values: Sequence[Array]) -> Pair:
    """Values [N, …] of both operands, of as many axes as the output where they begin with the batch."""
    rank = len(graph.output_of(node).shape)
    one, other = (_lifted(v, t, rank) for v, t in zip(values, graph.inputs_of(node), strict=True))
    return one, other


def _lifted(value: Array, tensor: Tensor, rank: int) -> Array:
    if tensor.data is not None or tensor.shape[:1] != (1,):
        return value
    return value.reshape(len(value), *(1,) * (rank - value.ndim), *value.shape[1:])


def interval(join: Join, corners: Sequence[Corner], clamp: Clamp, safe: Callable[[Graph, Node], bool]) -> IntervalRule:
    """Exact ends of a function that is monotone in each operand: reached at `corners` of the operands' ends.

    Where it is not `safe` from overflow, the interval is that of the clamp.
    """

    def rule(graph: Graph, node: Node, found: Intervals) -> Interval:
        if not safe(graph, node):
            return within(graph, node, clamp(graph, node))
        ends = [_ends(graph.tensors[i], found.get(i)) for i in node.inputs]
        shape = graph.output_of(node).shape
        reached = [
            join(graph, node, _aligned(graph, node, (ends[0][a], ends[1][b])), Mode.TFLM).reshape(shape)
            for a, b in corners
        ]
        return Interval(np.minimum.reduce(reached), np.maximum.reduce(reached))

    return rule


def _ends(tensor: Tensor, found: Interval | None) -> Pair:
    if tensor.data is not None:
        return tensor.data, tensor.data
    assert found is not None
    return found.lower, found.upper


def gives_back(join: Join) -> Callable[[Graph, Node], bool]:
    """Tell whether a node's constant changes no value of its first operand: proven on all 256 of them."""

    def told(graph: Graph, node: Node) -> bool:
        first, second = graph.inputs_of(node)
        if first.dtype is not DType.INT8 or first.data is not None or second.data is None:
            return False
        values = EVERY_VALUE.reshape(-1, 1)
        return bool((join(graph, node, (values, np.unique(second.data)), Mode.TFLM) == values).all())

    return told
