"""Generated networks with functions of single elements and of vectors between their layers, as MobileNetV3 has them.

A generator of its own: the seeds of the others give the networks that they always gave.
"""

from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import (
    Abs,
    Activation,
    Elu,
    HardSwish,
    LeakyRelu,
    Logistic,
    LogSoftmax,
    Operation,
    Prelu,
    Relu,
    ReluN1To1,
    Softmax,
    Tanh,
)
from tests.support.elementwise_networks import LOG_SOFTMAX_OUTPUT, LOGISTIC_OUTPUT, TANH_OUTPUT, at
from tests.support.network_builder import SOFTMAX_OUTPUT, Builder

SCALED: Final[tuple[Operation, ...]] = (Abs(), Elu(), HardSwish(), LeakyRelu(0.125), Relu(), ReluN1To1())


def function_network(seed: int) -> Graph:
    """Convolutions with one to three functions behind each, and vectors at the end of some."""
    build = Builder(seed)
    rng = build.rng
    x = build.input(1, *(int(n) for n in rng.integers(3, 10, 2)), int(rng.integers(1, 5)))
    for _ in range(int(rng.integers(1, 5))):
        x = _layer(build, x)
        for _ in range(int(rng.integers(0, 4))):
            x = function(build, x)
    match int(rng.integers(0, 4)):
        case 0:
            x = build.node(Softmax(1.0), (x,), build.tensor(build.shape(x), SOFTMAX_OUTPUT))
        case 1:
            x = build.node(LogSoftmax(), (x,), build.tensor(build.shape(x), LOG_SOFTMAX_OUTPUT))
        case 2:
            flat = build.dense(build.reshape(x, 1, build.tensors[x].elements))
            x = build.node(LogSoftmax(), (flat,), build.tensor(build.shape(flat), LOG_SOFTMAX_OUTPUT))
        case _:
            x = function(build, x)
    return build.finish(f"functions_{seed}")


def _layer(build: Builder, x: int) -> int:
    rng = build.rng
    activation = (Activation.NONE, Activation.RELU6)[int(rng.integers(0, 2))]
    dead, stride = rng.random() < 0.3, (1 + int(rng.integers(0, 2)),) * 2
    if rng.integers(0, 2):
        return build.depthwise(x, (3, 3), (stride[0], stride[0]), activation=activation, dead=dead)
    kernel = (1, 1) if rng.integers(0, 2) else (3, 3)
    return build.conv(x, int(rng.integers(1, 9)), kernel, activation=activation, dead=dead)


def function(build: Builder, x: int) -> int:
    """A random function of single elements."""
    rng, shape = build.rng, build.shape(x)
    scale = build.quantization(x).scale
    match int(rng.integers(0, 10)):
        case 0:
            return build.node(Logistic(), (x,), build.tensor(shape, LOGISTIC_OUTPUT))
        case 1:
            return build.node(Tanh(), (x,), build.tensor(shape, TANH_OUTPUT))
        case 2:
            return build.requantize(x)
        case 3:
            slopes = rng.integers(-128, 128, (1, 1, shape[-1]) if rng.integers(0, 2) else shape[1:])
            alpha = build.constant(slopes.astype(np.int8), at(0.006, int(rng.integers(-128, 128))))
            return build.node(Prelu(), (x, alpha), build.tensor(shape, build.activation(scale * rng.uniform(0.5, 2))))
        case _:
            op = SCALED[int(rng.integers(0, len(SCALED)))]
            return build.node(op, (x,), build.tensor(shape, build.activation(scale * rng.uniform(0.5, 2))))
