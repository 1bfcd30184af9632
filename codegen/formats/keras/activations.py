"""Activations of Keras, named or layers of their own, as operators of TensorFlow Lite."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array
from depthwise.codegen.operators import (
    Abs,
    Activation,
    Add,
    Div,
    Elu,
    HardSwish,
    LeakyRelu,
    Logistic,
    LogSoftmax,
    Maximum,
    Minimum,
    Mul,
    Operation,
    Prelu,
    Relu,
    Relu6,
    Softmax,
    Tanh,
)

from .call import Call

SLOPE: Final = 0.2  # of the activation `leaky_relu`
# Klambauer et al., Self-Normalizing Neural Networks, 2017.
SELU_SCALE: Final = 1.0507009873554805
SELU_ALPHA: Final = 1.6732632423543772
SIMPLE: Final[Mapping[str, Operation]] = {
    "celu": Elu(),
    "elu": Elu(),
    "hard_silu": HardSwish(),
    "hard_swish": HardSwish(),
    "leaky_relu": LeakyRelu(SLOPE),
    "log_softmax": LogSoftmax(),
    "relu": Relu(),
    "relu6": Relu6(),
    "sigmoid": Logistic(),
    "softmax": Softmax(1.0),
    "tanh": Tanh(),
}


def activated(call: Call, x: int) -> int:
    """What a layer's `activation` makes of its tensor."""
    return named(call, x, call.layer.settings.get("activation", "linear"))


def named(call: Call, x: int, activation: object) -> int:
    """What an activation of a name makes of a tensor."""
    if activation in ("linear", None):
        return x
    if not isinstance(activation, str) or activation not in (*SIMPLE, *COMPOSED):
        known = ", ".join(sorted(["linear", *SIMPLE, *COMPOSED]))
        raise UnsupportedError(f"{call.layer} has activation {str(activation)[:60]!r}", f"these are done: {known}")
    name = f"{call.name}/{activation}"
    if activation in SIMPLE:
        return call.unary(name, x, SIMPLE[activation])
    return call.pointwise(name, x, lambda y: COMPOSED[activation](call, name, y))


def joined(call: Call, name: str, op: Operation, x: int, *, values: Array | float | None = None, y: int = -1) -> int:
    """An operation of two operands, the second of which is a tensor or a constant."""
    if values is not None:
        y = call.build.constant(f"{name}/constant", np.atleast_1d(np.asarray(values, np.float64)))
    return call.build.node(name, op, (x, y), call.build.shape(x))


def _silu(call: Call, name: str, x: int) -> int:
    gate = call.build.unary(f"{name}/gate", x, Logistic())
    return joined(call, name, Mul(Activation.NONE), x, y=gate)


def _hard_sigmoid(call: Call, name: str, x: int) -> int:
    """relu6(x + 3) / 6."""
    raised = joined(call, f"{name}/raised", Add(Activation.NONE), x, values=3.0)
    clamped = call.build.unary(f"{name}/clamped", raised, Relu6())
    return joined(call, name, Mul(Activation.NONE), clamped, values=1 / 6)


def clamped(call: Call, name: str, x: int, least: float, most: float) -> int:
    """Between two numbers."""
    raised = joined(call, f"{name}/least", Maximum(), x, values=least)
    return joined(call, name, Minimum(), raised, values=most)


def _softsign(call: Call, name: str, x: int) -> int:
    """A number over 1 + its size: x / (1 + |x|)."""
    size = call.build.unary(f"{name}/size", x, Abs())
    above = joined(call, f"{name}/above", Add(Activation.NONE), size, values=1.0)
    return joined(call, name, Div(Activation.NONE), x, y=above)


def _selu(call: Call, name: str, x: int) -> int:
    """1.0507 · x above 0, 1.7581 · (exp(x) − 1) below."""
    above = call.build.unary(f"{name}/above", x, Relu())
    bent = call.build.unary(f"{name}/bent", x, Elu())
    below = joined(call, f"{name}/below", Minimum(), bent, values=0.0)
    parts = [(above, SELU_SCALE), (below, SELU_SCALE * SELU_ALPHA)]
    scaled = [joined(call, f"{name}/{i}", Mul(Activation.NONE), y, values=v) for i, (y, v) in enumerate(parts)]
    return joined(call, name, Add(Activation.NONE), scaled[0], y=scaled[1])


COMPOSED: Final[Mapping[str, Callable[[Call, str, int], int]]] = {
    "hard_sigmoid": _hard_sigmoid,
    "hard_tanh": lambda call, name, x: clamped(call, name, x, -1.0, 1.0),
    "selu": _selu,
    "silu": _silu,
    "softsign": _softsign,
    "swish": _silu,
}


def relu(call: Call) -> int:
    """ReLU: with a slope below 0, and an end above."""
    slope, top = call.layer.real("negative_slope", 0.0), call.layer.settings.get("max_value")
    call.layer.only("threshold", 0.0, 0)
    if top is None:
        return call.unary(call.name, call.x, LeakyRelu(slope) if slope else Relu())
    most = call.layer.real("max_value", 0.0)
    if not slope and most == 6:
        return call.unary(call.name, call.x, Relu6())
    below = call.unary(f"{call.name}/below", call.x, LeakyRelu(slope) if slope else Relu())
    return call.pointwise(call.name, below, lambda y: joined(call, call.name, Minimum(), y, values=most))


def leaky_relu(call: Call) -> int:
    """LeakyReLU; earlier files call the slope `alpha`."""
    slope = call.layer.real("negative_slope", call.layer.real("alpha", 0.3))
    return call.unary(call.name, call.x, LeakyRelu(slope))


def elu(call: Call) -> int:
    """ELU of alpha 1."""
    call.layer.only("alpha", 1.0, 1)
    return call.unary(call.name, call.x, Elu())


def prelu(call: Call) -> int:
    """PReLU: a slope for each element, or one along `shared_axes`."""
    shared = call.layer.settings.get("shared_axes") or []
    if not isinstance(shared, list):
        raise ModelError(f"{call.layer} has shared_axes {str(shared)[:40]}, it must be a list of axes")
    sizes = tuple(1 if axis in shared else n for axis, n in enumerate(call.shape[1:], start=1))
    (alpha,) = call.arrays(sizes)
    if len(sizes) == 2 and sizes[0] == 1:
        alpha = alpha.reshape(1, 1, sizes[1])
        return call.pointwise(call.name, call.x, lambda y: _prelu(call, y, alpha.reshape(1, 1, -1)))
    return _prelu(call, call.x, alpha)


def _prelu(call: Call, x: int, alpha: Array) -> int:
    slopes = call.build.constant(f"{call.name}/alpha", alpha.astype(np.float64))
    return call.build.node(call.name, Prelu(), (x, slopes), call.build.shape(x))
