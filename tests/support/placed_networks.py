"""Generated networks whose layers move elements that stay in order: joined and cut along rows, boxes, vectors."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Quantization, State
from depthwise.codegen.operators import (
    Activation,
    Concatenation,
    Logistic,
    MaxPool2D,
    Pack,
    Relu,
    Slice,
    Split,
    Unpack,
)
from tests.support.network_builder import Builder

ROWS: Final = 1
SCORES: Final = Quantization((1 / 256,), (-128,))


def random_placed(seed: int) -> Graph:
    """A network of one of three kinds, one in four with a state."""
    build = Builder(seed)
    x = build.input(1, *(int(n) for n in build.rng.integers(4, 14, 2)), 4 * int(build.rng.integers(1, 3)))
    if build.rng.random() < 0.7:
        x = build.conv(x, 4 * int(build.rng.integers(1, 3)), stride=(int(build.rng.integers(1, 3)), 1))
    outputs: list[int] = []
    if build.rng.random() < 0.25:
        x = _streamed(build, x)
    for _ in range(int(build.rng.integers(0, 3))):
        x = _rows_moved(build, x)
        if build.rng.random() < 0.2:
            outputs.append(x)
    kinds: tuple[Callable[[Builder, int], int], ...] = (_boxes, _vectors, _filtered)
    outputs.append(kinds[seed % 3](build, x))
    return build.finish(f"placed_{seed}", *dict.fromkeys(outputs))


def join(build: Builder, axis: int, *parts: int) -> int:
    """CONCATENATION of tensors of one quantization."""
    shape = list(build.shape(parts[0]))
    shape[axis] = sum(build.shape(p)[axis] for p in parts)
    return build.node(Concatenation(axis), parts, build.tensor(tuple(shape), build.quantization(parts[0])))


def cut(build: Builder, x: int, axis: int, start: int, stop: int) -> int:
    """SLICE of some indices along an axis."""
    shape = list(build.shape(x))
    begin, size = [0] * len(shape), [-1] * len(shape)
    begin[axis], size[axis] = start, stop - start
    taken = tuple(stop - start if i == axis else n for i, n in enumerate(shape))
    given = (build.constant(np.array(begin, np.int32)), build.constant(np.array(taken, np.int32)))
    size[axis] = -1 if stop == shape[axis] else stop - start
    return build.node(Slice(tuple(begin), tuple(size)), (x, *given), build.tensor(taken, build.quantization(x)))


def like(build: Builder, x: int, quantization_of: int) -> int:
    """The same values in the quantization of another tensor."""
    return build.requantize_to(x, build.quantization(quantization_of))


def _logistic(build: Builder, x: int) -> int:
    return build.node(Logistic(), (x,), build.tensor(build.shape(x), SCORES))


def _part(build: Builder, x: int) -> int:
    """Something of the width, the channels and the quantization of an image."""
    match int(build.rng.integers(0, 6)):
        case 0:
            return x
        case 1:
            return build.relu(x, Relu)
        case 2:
            return like(build, build.conv(x, build.shape(x)[3], (3, 3)), x)
        case 3 if build.shape(x)[1] > 1:
            return build.pool(x, MaxPool2D, (2, 1), (2, 1))
        case 4:
            return cut(build, x, ROWS, *sorted(build.rng.choice(build.shape(x)[1] + 1, 2, replace=False).tolist()))
        case _:
            return like(build, build.depthwise(x, stride=(int(build.rng.integers(1, 3)), 1)), x)


def _rows_moved(build: Builder, x: int) -> int:
    """Rows that are joined, or taken apart and joined; fewer behind where they have become many."""
    if build.rng.random() < 0.4:
        at = int(build.rng.integers(1, build.shape(x)[1]))
        first, second = cut(build, x, ROWS, 0, at), cut(build, x, ROWS, at, build.shape(x)[1])
        x = join(build, ROWS, _part(build, second), _part(build, first))
    else:
        x = join(build, ROWS, *(_part(build, x) for _ in range(int(build.rng.integers(2, 4)))))
    if build.rng.random() < 0.4:
        x = build.relu(x, Relu)
    return build.conv(x, build.shape(x)[3], (3, 3), (2, 1)) if build.shape(x)[1] > 14 else x


def _streamed(build: Builder, x: int) -> int:
    """Rows behind those that were kept of the last run, the last of which are kept."""
    _, height, width, channels = build.shape(x)
    rows = int(build.rng.integers(1, height + 2))
    before = build.tensor((1, rows, width, channels), build.quantization(x))
    initial = build.rng.integers(-128, 128, (1, rows, width, channels)).astype(np.int8)
    joined = join(build, ROWS, before, x)
    after = cut(build, joined, ROWS, height, height + rows)
    build.states.append(State(before, after, initial))
    return joined


def _boxes(build: Builder, x: int) -> int:
    """Heads of two or three scales, as detectors have them: the boxes of all in one list."""
    heads: list[int] = []
    for _ in range(int(build.rng.integers(2, 4))):
        head = build.conv(x, 4 * int(build.rng.integers(1, 3)), (1, 1), activation=Activation.NONE)
        head = like(build, head, heads[0]) if heads else head
        heads.append(build.reshape(head, 1, build.tensors[head].elements // 4, 4))
        x = build.conv(x, 8, (3, 3), (2, 2))
    boxes = join(build, 1, *heads)
    match int(build.rng.integers(0, 4)):
        case 0:
            return _logistic(build, boxes)
        case 1:
            return cut(build, boxes, 1, 1, build.shape(boxes)[1])
        case 2:
            return build.reshape(boxes, 1, build.tensors[boxes].elements)
        case _:
            return boxes


def _vectors(build: Builder, x: int) -> int:
    """Vectors side by side, in pieces and one above the other."""
    flat = build.reshape(x, 1, build.tensors[x].elements)
    first = _logistic(build, build.dense(flat, 8))
    second = like(build, build.dense(flat, int(build.rng.integers(1, 4)) * 4), first)
    joined = join(build, 1, first, second, *([first] if build.rng.random() < 0.3 else []))
    layer, quantization = build.layer, build.quantization(joined)
    count = build.shape(joined)[1] // 4
    axis = build.constant(np.array(1, np.int32))
    parts = [build.tensor((1, 4), quantization) for _ in range(count)]
    for i, part in enumerate(parts):
        build.part(layer, Split(1, 4 * i, 4 * i + 4, count), (axis, joined)[::-1], part)
    chosen = [build.relu(parts[i], Relu) if build.rng.random() < 0.5 else parts[i] for i in range(count)]
    build.rng.shuffle(chosen)
    packed = build.node(Pack(1), tuple(chosen), build.tensor((1, count, 4), quantization))
    layer = build.layer
    rows = [build.tensor((1, 4), quantization) for _ in range(count)]
    for i, row in enumerate(rows):
        build.part(layer, Unpack(1, i, count), (packed,), row)
    return build.dense(join(build, 1, *rows), 5)


def _filtered(build: Builder, x: int) -> int:
    return build.conv(x, 4, (3, 3), (2, 2), activation=Activation.NONE)
