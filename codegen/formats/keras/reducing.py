"""Functions of `keras.ops` along axes, matrices, and axes that come and go."""

from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.operators import (
    BatchMatmul,
    ExpandDims,
    Mean,
    ReduceMax,
    ReduceMin,
    Softmax,
    Squeeze,
    Sum,
)

from .activations import clamped
from .call import Call
from .slicing import axis_of, with_constants

Reduction = type[Mean] | type[Sum] | type[ReduceMax] | type[ReduceMin]
REDUCTIONS: Final[dict[str, Reduction]] = {"Max": ReduceMax, "Mean": Mean, "Min": ReduceMin, "Sum": Sum}


def _axes(call: Call) -> tuple[int, ...]:
    given, rank = call.layer.settings.get("axis"), len(call.shape)
    listed = given if isinstance(given, list) else [given]
    axes = [a for a in listed if type(a) is int and -rank <= a < rank and a % rank]
    if not axes or len(axes) < len(listed):
        raise UnsupportedError(f"{call.layer} works along {str(given)[:40]}", "name axes behind the batch")
    return tuple(sorted({a % rank for a in axes}))


def reduced(call: Call, kind: Reduction) -> int:
    """Mean, Sum, Max, Min along axes behind the batch."""
    call.layer.only("initial", None)
    axes, kept = _axes(call), call.layer.flag("keepdims", default=False)
    shape = tuple(1 if i in axes else n for i, n in enumerate(call.shape) if kept or i not in axes)
    return with_constants(call, call.name, kind(axes), shape, axes=axes)


def expand_dims(call: Call) -> int:
    """ExpandDims."""
    axis = axis_of(call, more=1)
    shape = (*call.shape[:axis], 1, *call.shape[axis:])
    return call.build.node(call.name, ExpandDims(axis), (call.x, _number(call, "axis", axis)), shape)


def _number(call: Call, key: str, value: int) -> int:
    return call.build.constant(f"{call.name}/{key}", np.array(value, np.int32))


def squeeze(call: Call) -> int:
    """Squeeze axes that are named."""
    axes = _axes(call)
    if any(call.shape[a] != 1 for a in axes):
        raise ModelError(f"{call.layer} squeezes axes {axes} of shape {call.shape}")
    shape = tuple(n for i, n in enumerate(call.shape) if i not in axes)
    return call.build.node(call.name, Squeeze(axes), (call.x,), shape)


def transpose(call: Call) -> int:
    """Transpose: all axes in another order, the batch in front."""
    axes, rank = call.layer.settings.get("axes"), len(call.shape)
    named = isinstance(axes, list) and all(type(n) is int for n in axes) and sorted(axes) == list(range(rank))
    if not isinstance(axes, list) or not named or axes[0] != 0:
        raise UnsupportedError(f"{call.layer} has axes {str(axes)[:40]}", "leave the batch in front")
    return call.build.transpose(call.name, call.x, *axes)


def matmul(call: Call) -> int:
    """Matmul of two tensors."""
    return _multiplied(call, transposed=False)


def dot(call: Call) -> int:
    """Dot of the last axes of two sequences, or of the last and the one before it."""
    call.layer.only("normalize", False)
    axes = call.layer.settings.get("axes")
    if axes not in ([2, 2], [2, 1], [-1, -1], [-1, -2], 2, -1):
        raise UnsupportedError(f"{call.layer} has axes {str(axes)[:40]}", "give it [2, 2] or [2, 1]")
    return _multiplied(call, transposed=axes not in ([2, 1], [-1, -2]))


def _multiplied(call: Call, *, transposed: bool) -> int:
    shapes = [call.build.shape(i) for i in call.inputs]
    if len(shapes) != 2 or len({len(s) for s in shapes}) != 1 or len(shapes[0]) < 3:
        raise UnsupportedError(f"{call.layer} multiplies shapes {shapes[:3]}", "give it two tensors of [1, A, B]")
    first, second = shapes
    inner, columns = (second[-1], second[-2]) if transposed else (second[-2], second[-1])
    if first[-1] != inner or first[:-2] != second[:-2]:
        raise ModelError(f"{call.layer} multiplies shapes {first} and {second}")
    op = BatchMatmul(first_transposed=False, second_transposed=transposed)
    return call.build.node(call.name, op, call.inputs, (*first[:-1], columns))


def clip(call: Call) -> int:
    """Clip between two numbers."""
    ends = call.layer.real("x_min", 0.0), call.layer.real("x_max", 0.0)
    return call.pointwise(call.name, call.x, lambda y: clamped(call, call.name, y, *ends))


def softmax(call: Call) -> int:
    """Softmax over one axis: the last, or one that is turned there and back."""
    axis, rank = axis_of(call) if "axis" in call.layer.settings else len(call.shape) - 1, len(call.shape)
    if axis == rank - 1:
        return call.unary(call.name, call.x, Softmax(1.0))
    turned = [*(i for i in range(rank) if i != axis), axis]
    last = call.build.transpose(f"{call.name}/turned", call.x, *turned)
    scores = call.build.unary(f"{call.name}/scores", last, Softmax(1.0))
    return call.build.transpose(call.name, scores, *np.argsort(turned).tolist())
