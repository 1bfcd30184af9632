"""Small int8 networks of functions of single elements and of vectors, one for each operator."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from depthwise.codegen.graph import DType, Graph, Quantization
from depthwise.codegen.operators import (
    Abs,
    Activation,
    ArgMax,
    Elu,
    HardSwish,
    LeakyRelu,
    Logistic,
    LogSoftmax,
    Operation,
    Prelu,
    Relu6,
    ReluN1To1,
    Softmax,
    Tanh,
)
from tests.support.network_builder import SOFTMAX_OUTPUT, Builder

LOGISTIC_OUTPUT: Final = Quantization((1 / 256,), (-128,))
TANH_OUTPUT: Final = Quantization((1 / 128,), (0,))
LOG_SOFTMAX_OUTPUT: Final = Quantization((1 / 16,), (127,))
IMAGE: Final = (1, 5, 4, 3)


def at(scale: float, zero_point: int) -> Quantization:
    """A quantization of the float32 that is nearest to a scale."""
    return Quantization((float(np.float32(scale)),), (zero_point,))


def function_network(op: Operation, scale: float, output: Quantization, shape: tuple[int, ...] = IMAGE) -> Graph:
    """One function of an input of a scale."""
    build = Builder(21)
    x = build.tensor(shape, build.activation(scale))
    build.inputs.append(x)
    build.node(op, (x,), build.tensor(shape, output))
    return build.finish("function")


def prelu_network(*alpha: int) -> Graph:
    """One PRELU with constants of a shape."""
    build = Builder(22)
    x = build.input(*IMAGE)
    slopes = build.constant(build.rng.integers(-128, 128, alpha).astype(np.int8), at(0.007, -100))
    build.node(Prelu(), (x, slopes), build.tensor(IMAGE, build.activation(build.quantization(x).scale * 0.8)))
    return build.finish("prelu")


def arg_max_network(axis: int) -> Graph:
    """One ARG_MAX."""
    build = Builder(24)
    x, operand = build.input(*IMAGE), build.constant(np.array([axis], np.int32))
    build.node(ArgMax(axis), (x, operand), build.tensor(IMAGE[:axis] + IMAGE[axis + 1 :], None, DType.INT32))
    return build.finish("arg_max")


def swish_network() -> Graph:
    """Functions in a row behind a convolution, which become one table; a clamp that a layer takes in."""
    build = Builder(23)
    x = build.conv(build.input(1, 6, 5, 3), 4)
    x = build.node(HardSwish(), (x,), build.tensor(build.shape(x), build.activation(build.quantization(x).scale)))
    x = build.requantize(x)
    x = build.node(Tanh(), (x,), build.tensor(build.shape(x), TANH_OUTPUT))
    x = build.conv(x, 5, (1, 1), activation=Activation.NONE)
    x = build.node(ReluN1To1(), (x,), build.tensor(build.shape(x), build.quantization(x)))
    build.node(Logistic(), (x,), build.tensor(build.shape(x), LOGISTIC_OUTPUT))
    return build.finish("swish")


NETWORKS: Final[dict[str, Callable[[], Graph]]] = {
    "abs": partial(function_network, Abs(), 0.05, at(0.04, -100)),
    "arg_max": partial(arg_max_network, 3),
    "arg_max_columns": partial(arg_max_network, 2),
    "elu": partial(function_network, Elu(), 0.02, at(0.015, -90)),
    "hard_swish": partial(function_network, HardSwish(), 0.05, at(0.03, -110)),
    "leaky_relu": partial(function_network, LeakyRelu(0.125), 0.05, at(0.04, -90)),
    "log_softmax": partial(function_network, LogSoftmax(), 0.1, LOG_SOFTMAX_OUTPUT, (1, 9)),
    "log_softmax_rows": partial(function_network, LogSoftmax(), 0.1, LOG_SOFTMAX_OUTPUT),
    "logistic": partial(function_network, Logistic(), 0.05, LOGISTIC_OUTPUT),
    "prelu": partial(prelu_network, 1, 1, 3),
    "prelu_one": partial(prelu_network, 1),
    "prelu_each": partial(prelu_network, *IMAGE[1:]),
    "relu6_rescaled": partial(function_network, Relu6(), 0.1, at(0.0235, -128)),
    "relu_n1_to_1": partial(function_network, ReluN1To1(), 0.02, at(0.01, 5)),
    "softmax_rows": partial(function_network, Softmax(1.0), 0.1, SOFTMAX_OUTPUT),
    "softmax_rank_3": partial(function_network, Softmax(1.0), 0.1, SOFTMAX_OUTPUT, (1, 4, 6)),
    "swish": swish_network,
    "tanh": partial(function_network, Tanh(), 0.05, TANH_OUTPUT),
}
