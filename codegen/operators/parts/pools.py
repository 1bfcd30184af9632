"""Pools: a window that takes each channel by itself, and gives nothing to padding.

Source: tflite-micro, `kernels/internal/reference/integer_ops/pooling.h`.
"""

from collections.abc import Callable
from dataclasses import Field, dataclass
from typing import Any, ClassVar, Protocol, TypeGuard, TypeVar

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.flatbuffer.writing import int32
from depthwise.codegen.graph import Array, DType, Graph, Node, Pads, Window
from depthwise.codegen.graph.windows import ONE, Pair

from . import reading, writing
from .activation import Activation, activation_range, clamped
from .computing import Compute, ComputeReal, Float64, Operands, in_float64, quantized
from .quantization import quantization_of
from .reading import RawOperator
from .shapes import rank4, same
from .windowed import Number, bordered, check_window, read_pads, read_sizes, written

Op = TypeVar("Op")
Pooled = Callable[[Int64, Int64], Int64]


class Pool(Protocol):
    """Attributes of a pool."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    kind: ClassVar[str]

    @property
    def kernel(self) -> Pair:
        """Height and width of the window."""

    @property
    def stride(self) -> Pair:
        """Steps of the window."""

    @property
    def pads(self) -> Pads:
        """Padding, which counts as nothing."""

    @property
    def activation(self) -> Activation:
        """Clamp of the output."""


@dataclass(frozen=True, slots=True)
class PoolParameters:
    """AVERAGE_POOL_2D, MAX_POOL_2D: the clamp."""

    minimum: int
    maximum: int


def pool_of(node: Node) -> Pool:
    """Attributes of a node that is a pool."""
    assert _is_pool(node.op)
    return node.op


def _is_pool(op: object) -> TypeGuard[Pool]:
    """Whether an operation is a pool; asked too often for the slow `isinstance` of protocols."""
    return all(hasattr(op, name) for name in ("kernel", "stride", "pads", "activation"))


def read(make: Callable[[Pair, Pair, Pads, Activation], Op]) -> Callable[[RawOperator], Op]:
    """Attributes from the options table Pool2DOptions."""

    def reader(op: RawOperator) -> Op:
        op.need(1, 1)
        kernel, stride = read_sizes(op, 4, 3, 0), read_sizes(op, 2, 1, 0)
        return make(kernel, stride, read_pads(op, kernel, stride, ONE), reading.activation(op, 5))

    return reader


def write(graph: Graph, node: Node) -> writing.Coded:
    """Pool2DOptions."""
    height, width = pool_of(node).kernel
    fields = {**written(graph, node, window(graph, node)), 3: int32(width), 4: int32(height)}
    return writing.coded(graph, node, 5, {**fields, 5: writing.activation(node.op)})


def window(_graph: Graph, node: Node) -> Window:
    """The window, which is never dilated."""
    pool = pool_of(node)
    return Window(pool.kernel, pool.stride, ONE, pool.pads)


def check(graph: Graph, node: Node) -> None:
    """An image of as many channels as before."""
    image = graph.inputs_of(node)[0]
    rank4(node, image)
    check_window(graph, node, window(graph, node))
    same(node, "channels", graph.output_of(node).shape[3], image.shape[3])


def pool_parameters(graph: Graph, node: Node) -> PoolParameters:
    """Parameters of a pool."""
    return PoolParameters(*activation_range(pool_of(node).activation, quantization_of(graph.output_of(node))))


def compute(join: np.ufunc, least: int, finish: Pooled) -> Compute:
    """A pool of int8: taps joined, starting from `least`, which padding counts as; `finish` takes their number."""

    def computed(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
        p, out = pool_parameters(graph, node), graph.output_of(node).shape
        total, taps = swept(window(graph, node), operands[0].astype(np.int64), out, join, least)
        return np.clip(finish(total, taps), p.minimum, p.maximum).astype(np.int8)

    return quantized(computed)


def compute_real(join: np.ufunc, least: float, finish: Callable[[Float64, Int64], Float64]) -> ComputeReal:
    """A pool of real numbers, as `compute`."""

    def computed(graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
        total, taps = swept(window(graph, node), operands[0], graph.output_of(node).shape, join, least)
        return clamped(finish(total, taps), pool_of(node).activation)

    return in_float64(computed)


def swept(
    over: Window, image: NDArray[Number], out: tuple[int, ...], join: np.ufunc, least: float
) -> tuple[NDArray[Number], Int64]:
    """Taps of each window joined [N, OH, OW, C], and how many of them are no padding."""
    padded = bordered(image, over.pads, least)
    inside = bordered(np.ones((1, *image.shape[1:3], 1), np.int64), over.pads, 0)
    total = np.full((len(image), *out[1:]), least, image.dtype)
    taps = np.zeros((1, *out[1:3], 1), np.int64)
    for y in range(over.kernel[0]):
        for x in range(over.kernel[1]):
            rows = slice(y, y + (out[1] - 1) * over.stride[0] + 1, over.stride[0])
            columns = slice(x, x + (out[2] - 1) * over.stride[1] + 1, over.stride[1])
            total = join(total, padded[:, rows, columns])
            taps += inside[:, rows, columns]
    return total, taps


def is_identity(graph: Graph, node: Node) -> bool:
    """One tap at every pixel, which nothing clamps."""
    pool, out = pool_of(node), graph.output_of(node)
    if pool.kernel != ONE or pool.stride != ONE:
        return False
    if out.dtype is DType.FLOAT32:
        return pool.activation is Activation.NONE
    return activation_range(pool.activation, quantization_of(out)) == (-128, 127)


def passes_scales(_graph: Graph, node: Node) -> bool:
    """What it reads may be scaled channel by channel, unless a clamp would notice."""
    return pool_of(node).activation is Activation.NONE
