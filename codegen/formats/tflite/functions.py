"""Functions of real numbers that a file may name, in float32 as the reference kernels compute them.

Sources: tflite-micro, `kernels/elementwise.cc`, `exp.cc`, `div.cc`, `elu.cc`, `kernels/internal/reference/`; LiteRT,
`kernels/internal/reference/gelu.h`. Each step is rounded to float32; exponentials, logarithms and the like are those of
float64, rounded once, where a C library's may be wrong in the last bit.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.flatbuffer.reading import Table
from depthwise.codegen.operators.parts import float32

Reals = NDArray[np.float32]
Function = Callable[[Reals], Reals]
HALF: Final = np.float32(0.5)
SQRT_2_BY_PI: Final = np.float32(math.sqrt(2 / math.pi))


def _rounded(function: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Function:
    """A function of float64, rounded once."""
    return lambda x: function(x.astype(np.float64)).astype(np.float32)


def _log(x: Reals) -> Reals:
    """What is not positive has the least logarithm."""
    positive = _rounded(np.log)(np.where(x > 0, x, np.float32(1)))
    return np.where(x > 0, positive, np.float32(-np.inf)).astype(np.float32)


def _elu(x: Reals) -> Reals:
    return np.where(x < 0, _rounded(np.expm1)(np.minimum(x, 0)), x)


def _hard_swish(x: Reals) -> Reals:
    clamped: Reals = np.clip(x + np.float32(3), 0, 6)
    return x * clamped / np.float32(6)


def _rsqrt(x: Reals) -> Reals:
    root: Reals = np.sqrt(x)
    return np.float32(1) / root


def _gelu(x: Reals) -> Reals:
    scaled = x * np.float32(-math.sqrt(0.5))
    return HALF * x * np.array([math.erfc(v) for v in scaled.tolist()], np.float32)


def _gelu_by_tanh(x: Reals) -> Reals:
    cubed = np.float32(0.044715) * x * x * x
    return HALF * x * (np.float32(1) + float32.tanh(SQRT_2_BY_PI * (x + cubed)))


UNARY: Final[Mapping[str, Function]] = {
    "ABS": np.abs,
    "CEIL": np.ceil,
    "COS": _rounded(np.cos),
    "ELU": _elu,
    "EXP": _rounded(np.exp),
    "FLOOR": np.floor,
    "HARD_SWISH": _hard_swish,
    "LOG": _log,
    "LOGISTIC": float32.logistic,
    "NEG": np.negative,
    "RELU": lambda x: np.maximum(x, 0),
    "RELU6": lambda x: np.clip(x, 0, 6),
    "RELU_N1_TO_1": lambda x: np.clip(x, -1, 1),
    "ROUND": np.rint,
    "RSQRT": _rsqrt,
    "SIGN": np.sign,
    "SIN": _rounded(np.sin),
    "SQRT": np.sqrt,
    "SQUARE": np.square,
    "TANH": float32.tanh,
}
BINARY: Final[Mapping[str, Callable[[Reals, Reals], Reals]]] = {
    "ADD": np.add,
    "DIV": np.divide,
    "MAXIMUM": np.maximum,
    "MINIMUM": np.minimum,
    "MUL": np.multiply,
    "POW": lambda a, b: np.power(a.astype(np.float64), b.astype(np.float64)).astype(np.float32),
    "SQUARED_DIFFERENCE": lambda a, b: np.square(a - b),
    "SUB": np.subtract,
}
FUSED: Final[Mapping[int, Function]] = {
    0: lambda x: x,
    1: UNARY["RELU"],
    2: UNARY["RELU_N1_TO_1"],
    3: UNARY["RELU6"],
}
# Of these LiteRT has tables of int8, computed in float32, and tflite-micro nothing.
TABLES: Final = ("EXP", "GELU", "LOG")


def unary(name: str, options: Table) -> Function | None:
    """The function of one number that an operator is; None for any other."""
    if name == "LEAKY_RELU":
        alpha = np.float32(options.real(0, 0.0))
        return lambda x: np.where(x < 0, x * alpha, x)
    if name == "GELU":
        return _gelu_by_tanh if options.scalar(0, "B") else _gelu
    return UNARY.get(name)


def binary(name: str, options: Table) -> Callable[[Reals, Reals], Reals] | None:
    """The function of two numbers that an operator is, with its fused activation; None for any other."""
    join = BINARY.get(name)
    fused = FUSED.get(options.scalar(0, "b")) if name in ("ADD", "DIV", "MUL", "SUB") else FUSED[0]
    if join is None or fused is None:
        return None
    return lambda a, b: fused(join(a, b))
