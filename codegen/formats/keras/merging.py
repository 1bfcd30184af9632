"""Layers that join several tensors, element by element or one behind the other."""

from functools import reduce
from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.operators import Activation, Add, Concatenation, Maximum, Minimum, Mul, Operation, Sub

from .activations import joined
from .call import Call, sequence_of, source_image
from .numbers import with_number

NONE: Final = Activation.NONE


def elementwise(call: Call, op: Operation) -> int:
    """Add, Multiply, Maximum, Minimum of several tensors; Subtract of two; each of one and a number."""
    shapes = [call.build.shape(i) for i in call.inputs]
    if len(shapes) == 1:
        return with_number(call, op)
    if not shapes or (isinstance(op, Sub) and len(shapes) > 2):
        raise UnsupportedError(f"{call.layer} joins {len(shapes)} tensors", "give it two")
    try:
        if len({len(shape) for shape in shapes}) != 1:
            raise ValueError  # Keras puts the new axes elsewhere
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise UnsupportedError(
            f"{call.layer} adds shapes {shapes[:4]}" if isinstance(op, Add) else f"{call.layer} joins {shapes[:4]}",
            "they must have the same axes, each of the same size or 1",
        ) from None
    images = [source_image(call.build, i) for i in call.inputs]
    found = [i for i in images if i is not None]
    if len(found) == len(shapes):
        return sequence_of(call.build, call.name, _chain(call, op, tuple(found)))
    return _chain(call, op, call.inputs)


def _chain(call: Call, op: Operation, tensors: tuple[int, ...]) -> int:
    def two(x: int, y: int) -> int:
        shape = np.broadcast_shapes(call.build.shape(x), call.build.shape(y))
        return call.build.node(call.name, op, (x, y), shape)

    return reduce(two, tensors)


def average(call: Call) -> int:
    """Average: the sum times the reciprocal of how many there are."""
    summed = elementwise(call, Add(NONE))
    share = 1 / len(call.inputs)
    return call.pointwise(call.name, summed, lambda y: joined(call, f"{call.name}/average", Mul(NONE), y, values=share))


def concatenated(call: Call) -> int:
    """Concatenate along any axis but the batch."""
    shapes = [call.build.shape(i) for i in call.inputs]
    axis, rank = call.layer.settings.get("axis", -1), len(shapes[0])
    if type(axis) is not int or not -rank < axis < rank or axis % rank == 0:
        raise UnsupportedError(f"{call.layer} joins along axis {str(axis)[:20]}", "join along an axis behind the batch")
    axis %= rank
    others = {(*shape[:axis], *shape[axis + 1 :]) for shape in shapes}
    if len(others) != 1 or {len(s) for s in shapes} != {rank}:
        raise ModelError(f"{call.layer} joins shapes {shapes[:4]} along axis {axis}")
    total = sum(shape[axis] for shape in shapes)
    shape = (*shapes[0][:axis], total, *shapes[0][axis + 1 :])
    images = [source_image(call.build, i) for i in call.inputs]
    found = tuple(i for i in images if i is not None)
    if len(found) < len(shapes):
        return call.build.node(call.name, Concatenation(axis), call.inputs, shape)
    along = 3 if axis == 2 else 1
    made = call.build.node(call.name, Concatenation(along), found, (1, shape[1], 1, shape[2]))
    return sequence_of(call.build, call.name, made)


ELEMENTWISE: Final[dict[str, Operation]] = {
    "Add": Add(NONE),
    "Maximum": Maximum(),
    "Minimum": Minimum(),
    "Multiply": Mul(NONE),
    "Subtract": Sub(NONE),
}
