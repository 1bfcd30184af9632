"""Parts of a tensor as `keras.ops` takes them: x[:, ::2, -1], take, split, stack, flip, roll, repeat, tile."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array
from depthwise.codegen.operators import Gather, Operation, Pack, ReverseV2, StridedSlice

from .call import MOST_ELEMENTS, Call

WHOLE: Final = slice(None)


def axis_of(call: Call, key: str = "axis", *, more: int = 0) -> int:
    """An axis behind the batch, counted from the front, of a tensor of `more` axes than are read."""
    given, rank = call.layer.settings.get(key), len(call.build.shape(call.inputs[0])) + more
    if type(given) is not int or not -rank <= given < rank or given % rank == 0:
        raise UnsupportedError(f"{call.layer} works along axis {str(given)[:20]}", "name one axis behind the batch")
    return given % rank


def with_constants(call: Call, name: str, op: Operation, shape: tuple[int, ...], **constants: Sequence[int]) -> int:
    """A node that reads the call's tensor, and integers by name."""
    made = (call.build.constant(f"{name}/{key}", np.array(v, np.int32)) for key, v in constants.items())
    return call.build.node(name, op, (call.x, *made), shape)


def item(call: Call) -> int:
    """x[...]: slices and numbers, one for each axis from the batch on."""
    given = call.argument(1)
    entries = given if isinstance(given, list) else [given]
    if len(entries) > len(call.shape):
        raise UnsupportedError(f"{call.layer} has {len(entries)} entries for {len(call.shape)} axes", "name each once")
    return sliced(call, call.name, [_entry(call, e) for e in entries])


def _entry(call: Call, entry: object) -> slice | int:
    if isinstance(entry, dict) and entry.get("class_name") == "__slice__" and isinstance(entry.get("config"), dict):
        bounds = [entry["config"].get(key) for key in ("start", "stop", "step")]
        if all(b is None or type(b) is int for b in bounds) and bounds[2] != 0:
            return slice(*bounds)
    if type(entry) is int:
        return entry
    raise UnsupportedError(f"{call.layer} takes {str(entry)[:60]}", "slice by numbers, one for each axis")


def sliced(call: Call, name: str, entries: Sequence[slice | int]) -> int:
    """STRIDED_SLICE; an axis of which one number is taken goes."""
    begin, end, steps, shape = (list[int]() for _ in range(4))
    gone = open_ends = 0
    for axis, size in enumerate(call.shape):
        entry = entries[axis] if axis < len(entries) else WHOLE
        if isinstance(entry, int):
            if axis == 0 or not -size <= entry < size:
                raise ModelError(f"{call.layer} takes {entry} of {size} along axis {axis}")
            entry, gone = slice(entry % size, entry % size + 1), gone | 1 << axis
        first, stop, step = entry.indices(size)
        count = len(range(first, stop, step))
        if not count:
            raise ModelError(f"{call.layer} takes nothing of {size} along axis {axis}")
        open_ends |= (stop < 0) << axis
        begin, end, steps = [*begin, first], [*end, max(stop, 0)], [*steps, step]
        if not gone >> axis & 1:
            shape.append(count)
    op = StridedSlice(tuple(begin), tuple(end), tuple(steps), 0, open_ends, shrink_axis_mask=gone)
    return with_constants(call, name, op, tuple(shape), begin=begin, end=end, strides=steps)


def split(call: Call) -> tuple[int, ...]:
    """Split: into so many parts, or at these places."""
    axis, where = axis_of(call), call.layer.settings.get("indices_or_sections")
    size = call.shape[axis]
    if type(where) is int and 0 < where <= size and size % where == 0:
        where = list(range(size // where, size, size // where))
    if not isinstance(where, list) or not all(type(n) is int and 0 < n < size for n in where):
        raise UnsupportedError(f"{call.layer} parts {size} at {str(where)[:40]}", "give it parts of whole numbers")
    ends = zip([0, *where], [*where, size], strict=True)
    ahead = [WHOLE] * axis
    return tuple(sliced(call, f"{call.name}/{i}", [*ahead, slice(*span)]) for i, span in enumerate(ends))


def unstack(call: Call) -> tuple[int, ...]:
    """Unstack: each element along an axis by itself."""
    axis = axis_of(call)
    return tuple(sliced(call, f"{call.name}/{i}", [*[WHOLE] * axis, i]) for i in range(call.shape[axis]))


def stack(call: Call) -> int:
    """Stack: PACK."""
    shapes, axis = {call.build.shape(i) for i in call.inputs}, axis_of(call, more=1)
    if len(shapes) != 1:
        raise ModelError(f"{call.layer} stacks shapes {sorted(shapes)[:4]}")
    (shape,) = shapes
    return call.build.node(call.name, Pack(axis), call.inputs, (*shape[:axis], len(call.inputs), *shape[axis:]))


def _taken(call: Call, axis: int, indices: Array) -> int:
    """GATHER of elements along an axis."""
    shape = (*call.shape[:axis], *indices.shape, *call.shape[axis + 1 :])
    if int(np.prod(shape, dtype=np.float64)) > MOST_ELEMENTS:
        raise ModelError(f"{call.layer} makes {shape} of {call.shape}", "take fewer")
    flat = tuple(int(i) for i in indices.ravel())
    op = Gather(axis, flat, indices.shape)
    made = call.build.constant(f"{call.name}/indices", indices.astype(np.int32))
    return call.build.node(call.name, op, (call.x, made), shape)


def take(call: Call) -> int:
    """Take: elements along an axis by constant indices."""
    axis, given = axis_of(call), call.argument(1)
    if isinstance(given, dict) and isinstance(given.get("config"), dict):
        given = given["config"].get("value")
    try:
        indices = np.array(given)
    except ValueError:
        indices = np.zeros(0)
    size = call.shape[axis]
    if not indices.size or indices.dtype.kind != "i" or not ((-size <= indices) & (indices < size)).all():
        raise UnsupportedError(f"{call.layer} takes {str(given)[:40]} of {size}", "give it constant indices")
    return _taken(call, axis, indices % size)


def roll(call: Call) -> int:
    """Roll by a number along one axis."""
    axis, shift = axis_of(call), call.layer.settings.get("shift")
    if type(shift) is not int:
        raise UnsupportedError(f"{call.layer} has shift {str(shift)[:40]}", "roll one axis at a time")
    return _taken(call, axis, np.roll(np.arange(call.shape[axis]), shift))


def repeat(call: Call) -> int:
    """Repeat: each element so many times along an axis."""
    return _taken(call, axis := axis_of(call), np.repeat(np.arange(call.shape[axis]), call.layer.whole("repeats")))


def flip(call: Call) -> int:
    """Flip: REVERSE_V2."""
    axis = axis_of(call)
    return with_constants(call, call.name, ReverseV2((axis,)), call.shape, axis=[axis])


def tile(call: Call) -> int:
    """Tile: so many times along each of the last axes."""
    given = call.layer.settings.get("repeats")
    times = [given] if type(given) is int else given
    if not isinstance(times, list) or not all(type(n) is int and n > 0 for n in times) or len(times) > len(call.shape):
        raise UnsupportedError(f"{call.layer} has repeats {str(given)[:40]}", "give whole numbers, one for each axis")
    return tiled(call, [1] * (len(call.shape) - len(times)) + times)


def tiled(call: Call, times: Sequence[int]) -> int:
    """GATHER along each axis that is repeated: tflite-micro has no TILE."""
    if times[0] != 1:
        raise UnsupportedError(f"{call.layer} repeats the batch {times[0]} times", "repeat other axes")
    made = call
    for axis, count in enumerate(times):
        if count > 1:
            made = made.reading(_taken(made, axis, np.tile(np.arange(made.shape[axis]), count)))
    return made.x


def repeat_vector(call: Call) -> int:
    """RepeatVector: a vector as a sequence of it."""
    if len(call.shape) != 2:
        raise UnsupportedError(f"{call.layer} works on [1, C], its input has shape {call.shape}", "flatten before it")
    one = call.build.reshape(f"{call.name}/one", call.x, 1, 1, call.shape[1])
    return tiled(call.reading(one), [1, call.layer.whole("n"), 1])
