"""Random functions of single elements: shapes of every rank, scales from tiny to huge, zero points at both ends."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.graph import Quantization
from depthwise.codegen.operators import (
    Abs,
    Elu,
    HardSwish,
    LeakyRelu,
    Logistic,
    Operation,
    Prelu,
    Quantize,
    Relu,
    Relu6,
    ReluN1To1,
    SelectV2,
    Tanh,
)
from tests.support.conformance.case import Case, Oracle
from tests.support.network_builder import Builder

Scales = tuple[float, float]
USUAL: Final[Scales] = (1e-3, 0.3)
WIDE: Final[Scales] = (1e-5, 50.0)
ENDS: Final = (-128, -127, -1, 0, 1, 126, 127)
LOGISTIC_OUTPUT: Final = Quantization((1 / 256,), (-128,))
TANH_OUTPUT: Final = Quantization((1 / 128,), (0,))


def shape_of(b: Builder) -> tuple[int, ...]:
    """A shape of rank 1 to 5, or an image."""
    rank = int(b.rng.choice([1, 2, 3, 4, 4, 4, 5]))
    return (1, *(int(n) for n in b.rng.integers(1, 8 if rank > 3 else 40, rank - 1)))


def quantization_of(b: Builder, scales: Scales = WIDE) -> Quantization:
    """A scale of a range, a zero point anywhere or at an end."""
    zero_point = int(b.rng.choice(ENDS)) if b.rng.integers(2) else int(b.rng.integers(-128, 128))
    return Quantization((b.scale(*scales),), (zero_point,))


def activation_of(b: Builder, scales: Scales | None = None) -> int:
    """An input of the network."""
    chosen = (USUAL if b.rng.integers(2) else WIDE) if scales is None else scales
    index = b.tensor(shape_of(b), quantization_of(b, chosen))
    b.inputs.append(index)
    return index


def near(b: Builder, x: int) -> Quantization:
    """A quantization that is the input's, has its scale, or one that is larger or smaller by some bits."""
    q, power = b.quantization(x), int(b.rng.integers(-3, 4))
    match int(b.rng.integers(0, 5)):
        case 0:
            return q
        case 1:
            return Quantization(q.scales, (int(b.rng.choice(ENDS)),))
        case 2:
            return Quantization((float(np.float32(q.scale * 2.0**power)),), (int(b.rng.integers(-128, 128)),))
        case 3:
            return quantization_of(b, (q.scale / 3, q.scale * 3))
        case _:
            return quantization_of(b, (q.scale / 200, q.scale * 2000))


def _fixed(op: Operation, output: Quantization) -> Callable[[Builder], int]:
    def draw(b: Builder) -> int:
        x = activation_of(b, (1e-8, 1e4) if not b.rng.integers(4) else None)
        return b.node(op, (x,), b.tensor(b.shape(x), output))

    return draw


def _any(make: Callable[[Builder], Operation]) -> Callable[[Builder], int]:
    def draw(b: Builder) -> int:
        x = activation_of(b)
        return b.node(make(b), (x,), b.tensor(b.shape(x), near(b, x)))

    return draw


def _leaky(b: Builder) -> Operation:
    return LeakyRelu(float(np.float32(b.rng.choice([0.0, 0.01, 0.1, 0.2, 0.3, 1.0, b.rng.uniform(-2, 2)]))))


def _hard_swish(b: Builder) -> int:
    """The output's scale is at least a 128th of the input's, which tflite-micro asks for."""
    x = activation_of(b, (2e-5, 300.0) if not b.rng.integers(4) else (1e-3, 0.3))
    scale = b.quantization(x).scale
    output = quantization_of(b, (scale / 120, scale * 100 if not b.rng.integers(4) else scale * 2))
    return b.node(HardSwish(), (x,), b.tensor(b.shape(x), output))


def _prelu(b: Builder) -> int:
    x = activation_of(b)
    shape = b.shape(x)
    rank = int(b.rng.integers(1, len(shape) + 1))
    wanted = tuple(n if b.rng.integers(3) else 1 for n in shape[-rank:])
    alpha = b.constant(b.rng.integers(-128, 128, wanted).astype(np.int8), quantization_of(b, (1e-4, 0.05)))
    return b.node(Prelu(), (x, alpha), b.tensor(shape, near(b, x)))


def _run(b: Builder) -> int:
    """Several functions in a row, which become one table."""
    x = activation_of(b, USUAL)
    for _ in range(int(b.rng.integers(2, 5))):
        match int(b.rng.integers(0, 6)):
            case 0:
                x = b.node(Logistic(), (x,), b.tensor(b.shape(x), LOGISTIC_OUTPUT))
            case 1:
                x = b.node(Tanh(), (x,), b.tensor(b.shape(x), TANH_OUTPUT))
            case 2:
                scale = b.quantization(x).scale
                x = b.node(HardSwish(), (x,), b.tensor(b.shape(x), quantization_of(b, (scale / 2, scale * 2))))
            case 3:
                x = b.node(Quantize(), (x,), b.tensor(b.shape(x), near(b, x)))
            case 4:
                x = b.node(_leaky(b), (x,), b.tensor(b.shape(x), near(b, x)))
            case _:
                x = b.node(Relu(), (x,), b.tensor(b.shape(x), near(b, x)))
    return x


def _selected(b: Builder) -> int:
    shape, q = shape_of(b), quantization_of(b)
    condition = b.tensor(shape, Quantization((1.0,), (0,)))
    b.inputs.append(condition)
    picked = []
    for _ in range(2):
        if b.rng.random() < 0.3:
            number = np.full((), b.rng.integers(-128, 128), np.int8)
            picked.append(b.constant(number, q))
        else:
            picked.append(b.tensor(shape, q))
            b.inputs.append(picked[-1])
    return b.node(SelectV2(), (condition, *picked), b.tensor(shape, q))


CASES: Final = {
    "ABS": Case(_any(lambda _: Abs())),
    "ELU": Case(_any(lambda _: Elu())),
    "HARD_SWISH": Case(_hard_swish),
    "LEAKY_RELU": Case(_any(_leaky)),
    "LOGISTIC": Case(_fixed(Logistic(), LOGISTIC_OUTPUT)),
    "PRELU": Case(_prelu),
    "QUANTIZE": Case(_any(lambda _: Quantize())),
    "QUANTIZE several functions": Case(_run),
    "RELU": Case(_any(lambda _: Relu())),
    "RELU6": Case(_any(lambda _: Relu6())),
    "RELU_N1_TO_1": Case(_any(lambda _: ReluN1To1()), Oracle.LITERT),
    "SELECT_V2": Case(_selected),
    "TANH": Case(_fixed(Tanh(), TANH_OUTPUT)),
}
