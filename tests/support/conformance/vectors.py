"""Random SOFTMAX, LOG_SOFTMAX and ARG_MAX: vectors along the last axis, or any, of tensors of every rank."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.graph import DType, Quantization
from depthwise.codegen.operators import ArgMax, LogSoftmax, Operation, Softmax
from tests.support.conformance.case import Case
from tests.support.conformance.elementwise import quantization_of
from tests.support.network_builder import SOFTMAX_OUTPUT, Builder

LOG_SOFTMAX_OUTPUT: Final = Quantization((1 / 16,), (127,))


def _input(b: Builder, least: int = 1) -> int:
    rank = int(b.rng.choice([2, 3, 4, 4, 5]))
    longest = 200 if rank == 2 else 9
    shape = (1, *(int(n) for n in b.rng.integers(1, 6, rank - 2)), int(b.rng.integers(least, longest)))
    scales = (1e-4, 20.0) if b.rng.integers(3) else (0.01, 0.5)
    index = b.tensor(shape, quantization_of(b, scales))
    b.inputs.append(index)
    return index


def _vectors(make: Callable[[Builder], Operation], output: Quantization) -> Callable[[Builder], int]:
    def draw(b: Builder) -> int:
        x = _input(b)
        return b.node(make(b), (x,), b.tensor(b.shape(x), output))

    return draw


def _beta(b: Builder) -> Operation:
    return Softmax(float(np.float32(b.rng.choice([1.0, 1.0, 0.25, 2.0, 5.5]))))


def _arg_max(b: Builder) -> int:
    x = _input(b)
    shape = b.shape(x)
    axis = int(b.rng.integers(0, len(shape)))
    given = axis - len(shape) if b.rng.integers(2) else axis
    operand = b.constant(np.array(given if b.rng.integers(2) else [given], np.int32))
    output = b.tensor(shape[:axis] + shape[axis + 1 :], None, DType.INT32)
    return b.node(ArgMax(axis), (x, operand), output)


CASES: Final = {
    "ARG_MAX": Case(_arg_max),
    "LOG_SOFTMAX": Case(_vectors(lambda _: LogSoftmax(), LOG_SOFTMAX_OUTPUT)),
    "SOFTMAX": Case(_vectors(_beta, SOFTMAX_OUTPUT)),
}
