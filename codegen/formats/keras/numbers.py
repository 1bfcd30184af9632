"""A tensor and a number, as Keras stores `x * 2.0`: factors and offsets, which fold into layers."""

from math import isfinite
from typing import Final

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.operators import Activation, Add, Div, Maximum, Minimum, Mul, Operation, Sub

from .activations import joined
from .call import Call
from .normalizing import by_channels

NEEDS: Final = "give it two tensors, or a tensor and a number"


def divided(call: Call) -> int:
    """A tensor by a number."""
    if len(call.inputs) != 1:
        raise UnsupportedError(f"{call.layer} divides by a tensor", "divide by a number")
    return with_number(call, Div(Activation.NONE))


def with_number(call: Call, op: Operation) -> int:
    """A tensor and a number, in either order."""
    number, behind = _number(call)
    match op:
        case Add():
            return everywhere(call, 1.0, number)
        case Mul():
            return everywhere(call, number, 0.0)
        case Sub():
            return everywhere(call, 1.0, -number) if behind else everywhere(call, -1.0, number)
        case Div() if behind and number:
            return everywhere(call, 1 / number, 0.0)
        case Maximum() | Minimum():
            return call.pointwise(call.name, call.x, lambda y: joined(call, call.name, op, y, values=number))
        case _:
            raise UnsupportedError(f"{call.layer} divides {number:g}, or by it", "divide by another number")


def _number(call: Call) -> tuple[float, bool]:
    """The number, and whether it stands behind the tensor."""
    args = call.arguments
    numbers = [(v, bool(i)) for i, v in enumerate(args) if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(args) != 2 or len(numbers) != 1 or not isfinite(numbers[0][0]):
        raise UnsupportedError(f"{call.layer} joins {len(call.inputs)} tensors", NEEDS)
    value, behind = numbers[0]
    return float(value), behind


def everywhere(call: Call, factor: float, offset: float) -> int:
    """Each element times a factor, and an offset."""
    channels = np.ones(call.shape[-1])
    return by_channels(call, factor * channels, offset * channels)


def square(call: Call) -> int:
    """A tensor times itself."""
    return call.pointwise(call.name, call.x, lambda y: joined(call, call.name, Mul(Activation.NONE), y, y=y))
