"""Random operators that join two tensors: ranks, broadcasting of either side and both, constants, scales, ends."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.graph import Quantization
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    Div,
    Maximum,
    Minimum,
    Mul,
    Operation,
    SquaredDifference,
    Sub,
)
from tests.support.conformance.case import Case
from tests.support.network_builder import Builder

ACTIVATIONS: Final = (Activation.NONE, Activation.NONE, Activation.RELU, Activation.RELU6, Activation.RELU_N1_TO_1)
ZERO_POINTS: Final = (-128, 127, 0)
Make = Callable[[Activation], Operation]


def quantization(b: Builder, low: float = 1e-3, high: float = 3.0) -> Quantization:
    """A scale below or above 1, a zero point that is often an end of int8."""
    zero = int(b.rng.choice(ZERO_POINTS)) if b.rng.random() < 0.4 else int(b.rng.integers(-128, 128))
    return Quantization((b.scale(low, high),), (zero,))


def rescaled(b: Builder, x: int) -> int:
    """A tensor as it is, or in another quantization."""
    return x if b.rng.random() < 0.3 else b.requantize_to(x, quantization(b))


def _shape(b: Builder) -> tuple[int, ...]:
    rank = int(b.rng.choice([2, 3, 4, 4, 4, 5]))
    return 1, *(int(n) for n in b.rng.integers(1, 7, rank - 1))


def _smaller(b: Builder, x: int) -> int:
    """A tensor that is computed from an image and broadcasts to its shape."""
    _, height, width, channels = b.shape(x)
    kernel = (height if b.rng.random() < 0.6 else 1), (width if b.rng.random() < 0.6 else 1)
    y = b.pool(x, AveragePool2D, kernel, (1, 1))
    if b.rng.random() < 0.25:
        y = b.conv(y, 1, (1, 1), activation=Activation.NONE)
    elif kernel == (height, width) and b.rng.random() < 0.4:
        y = b.reshape(y, 1, channels)
    return rescaled(b, y)


def constant(b: Builder, shape: tuple[int, ...]) -> int:
    """A constant that broadcasts to a shape: a number, one for each channel, or any axes."""
    kind = b.rng.random()
    if kind < 0.2:
        sizes: tuple[int, ...] = () if b.rng.random() < 0.5 else (1,)
    elif kind < 0.5:
        sizes = shape[-1:]
    else:
        sizes = tuple(n if b.rng.random() < 0.6 else 1 for n in shape)
    values = b.rng.integers(-128, 128, sizes) if b.rng.random() < 0.8 else np.full(sizes, b.rng.choice([-128, 127, 1]))
    return b.constant(values.astype(np.int8), quantization(b))


def _pair(b: Builder) -> tuple[int, int]:
    x = b.input(*_shape(b))
    one = rescaled(b, x)
    kind = b.rng.random()
    if kind < 0.4:
        other = constant(b, b.shape(x))
    elif len(b.shape(x)) == 4 and kind < 0.8:
        other = _smaller(b, x)
        one = _smaller(b, x) if b.rng.random() < 0.2 else one
    else:
        other = rescaled(b, x)
    return (one, other) if b.rng.random() < 0.5 else (other, one)


def _joined(make: Make, product: bool = False) -> Case:
    def draw(b: Builder) -> int:
        pair = _pair(b)
        shape = np.broadcast_shapes(*(b.shape(i) for i in pair))
        scales = [b.quantization(i).scale for i in pair]
        natural = scales[0] * scales[1] * 100 if product else max(scales) * 1.5
        spread = float(b.rng.choice([1.0, 1.0, 0.3, 4.0, 0.01, 100.0]))
        out = quantization(b, natural * spread / 2, natural * spread * 2)
        op = make(ACTIVATIONS[b.rng.integers(len(ACTIVATIONS))])
        return b.node(op, pair, b.tensor(shape, out))

    return Case(draw)


def _away_from_zero(b: Builder, x: int) -> int:
    """A tensor whose values are above 0, or below it; a constant without zeros."""
    tensor, q = b.tensors[x], b.quantization(x)
    rises = q.zero_point < 127
    level = np.array(q.zero_point + (1 if rises else -1), np.int8)
    if tensor.data is not None:
        return b.constant(np.where(tensor.data == q.zero_point, level, tensor.data), q)
    return b.node(Maximum() if rises else Minimum(), (x, b.constant(level, q)), b.tensor(b.shape(x), q))


def _divided(b: Builder) -> int:
    one, other = _pair(b)
    other = _away_from_zero(b, other)
    shape = np.broadcast_shapes(b.shape(one), b.shape(other))
    # From 64 levels for each step of the quotient on tflite-micro is defined for all values.
    scale = b.quantization(one).scale / b.quantization(other).scale / float(b.scale(64.0, 1e5))
    op = Div(ACTIVATIONS[b.rng.integers(len(ACTIVATIONS))])
    return b.node(op, (one, other), b.tensor(shape, quantization(b, scale, scale)))


def _extreme(op: Maximum | Minimum) -> Case:
    def draw(b: Builder) -> int:
        pair = _pair(b)
        shape = np.broadcast_shapes(*(b.shape(i) for i in pair))
        return b.node(op, pair, b.tensor(shape, b.quantization(pair[0])))

    return Case(draw)


CASES: Final = {
    "ADD": _joined(Add),
    "SUB": _joined(Sub),
    "MUL": _joined(Mul, product=True),
    "SQUARED_DIFFERENCE": _joined(lambda _activation: SquaredDifference(), product=True),
    "DIV": Case(_divided),
    "MAXIMUM": _extreme(Maximum()),
    "MINIMUM": _extreme(Minimum()),
}
