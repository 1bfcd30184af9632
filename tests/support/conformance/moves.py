"""Random operators that only move elements: ranks, axes, strides, borders, one or several operands, constant ones."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from depthwise.codegen.graph import Array
from depthwise.codegen.operators import (
    BatchToSpaceNd,
    Concatenation,
    DepthToSpace,
    ExpandDims,
    Gather,
    MirrorPad,
    Operation,
    Pack,
    Pad,
    PadV2,
    Relu,
    ResizeBilinear,
    ResizeNearestNeighbor,
    ReverseV2,
    Slice,
    SpaceToBatchNd,
    SpaceToDepth,
    Split,
    SplitV,
    Squeeze,
    StridedSlice,
    Tile,
    Transpose,
    Unpack,
)
from tests.support.conformance.case import Case, Oracle
from tests.support.network_builder import Builder

Shape = tuple[int, ...]


def _int(b: Builder, low: int, high: int) -> int:
    return int(b.rng.integers(low, high + 1))


def _shape(b: Builder, least: int = 2, most: int = 4, size: int = 7) -> Shape:
    rank = 4 if most >= 4 and b.rng.integers(2) else _int(b, least, most)
    return (1, *(_int(b, 1, size) for _ in range(rank - 1)))


def _input(b: Builder, least: int = 2, most: int = 4, size: int = 7) -> int:
    x = b.input(*_shape(b, least, most, size))
    return b.relu(x, Relu) if b.rng.integers(2) else x


def _ints(b: Builder, *values: int, shape: Shape | None = None) -> int:
    data: Array = np.array(values, np.int32)
    return b.constant(data if shape is None else data.reshape(shape))


def _moved(b: Builder, op: Operation, inputs: tuple[int, ...], shape: Shape) -> int:
    return b.node(op, inputs, b.tensor(shape, b.quantization(inputs[0])))


def _again(b: Builder, x: int) -> int:
    """Sometimes a layer behind, which reads what was moved row by row."""
    return b.relu(x, Relu) if b.rng.integers(2) else x


def _other(b: Builder, x: int, axis: int) -> int:
    """A tensor of the quantization of another, and of its shape but for an axis."""
    shape = list(b.shape(x))
    choice = _int(b, 0, 3)
    if choice == 0:
        return x
    if choice == 1 and shape[axis] > 1:
        begin, size = _int(b, 0, shape[axis] - 1), shape.copy()
        size[axis] = _int(b, 1, shape[axis] - begin)
        begins = [begin if i == axis else 0 for i in range(len(shape))]
        return _slice(b, x, begins, size)
    if choice == 2:
        shape[axis] = _int(b, 1, 5)
        return b.constant(b.rng.integers(-128, 128, shape).astype(np.int8), b.quantization(x))
    return b.relu(x, Relu)


def _slice(b: Builder, x: int, begins: list[int], sizes: list[int]) -> int:
    kept = tuple(-1 if at + n == whole else n for at, n, whole in zip(begins, sizes, b.shape(x), strict=True))
    op = Slice(tuple(begins), kept)
    return _moved(b, op, (x, _ints(b, *begins), _ints(b, *sizes)), tuple(sizes))


def _concatenation(b: Builder) -> int:
    x = _input(b)
    axis = _int(b, 1, len(b.shape(x)) - 1)
    parts = [x, *(_other(b, x, axis) for _ in range(_int(b, 0, 4)))]
    b.rng.shuffle(parts)
    shape = list(b.shape(x))
    shape[axis] = sum(b.shape(p)[axis] for p in parts)
    return _again(b, _moved(b, Concatenation(axis), tuple(map(int, parts)), tuple(shape)))


def _pack(b: Builder) -> int:
    x = _input(b, 2, 3)
    shape = b.shape(x)
    axis, parts = _int(b, 0, len(shape)), [x, *(b.relu(x, Relu) for _ in range(_int(b, 0, 3)))]
    return _moved(b, Pack(axis), tuple(parts), (*shape[:axis], len(parts), *shape[axis:]))


def _split(b: Builder) -> tuple[int, ...]:
    count, shape = _int(b, 1, 4), list(_shape(b))
    axis = _int(b, 1, len(shape) - 1)
    part = shape[axis]
    shape[axis] = part * count
    x = b.relu(b.input(*shape), Relu)
    given = (x, _ints(b, axis - (len(shape) if b.rng.integers(2) else 0), shape=()))
    layer, size = b.layer, (*shape[:axis], part, *shape[axis + 1 :])
    outputs = [b.tensor(size, b.quantization(x)) for _ in range(count)]
    for i, output in enumerate(outputs):
        b.part(layer, Split(axis, i * part, (i + 1) * part, count), given, output)
    return _one_of(b, outputs)


def _one_of(b: Builder, outputs: list[int]) -> tuple[int, ...]:
    """One output, behind which nothing or another layer lies; the others are read by nobody."""
    return (_again(b, outputs[b.rng.integers(len(outputs))]),)


def _split_v(b: Builder) -> tuple[int, ...]:
    sizes, shape = [_int(b, 1, 4) for _ in range(_int(b, 1, 4))], list(_shape(b))
    axis = _int(b, 1, len(shape) - 1)
    shape[axis] = sum(sizes)
    x = b.relu(b.input(*shape), Relu)
    given = (x, _ints(b, *sizes), _ints(b, axis, shape=()))
    layer, outputs, start = b.layer, [], 0
    for size in sizes:
        outputs.append(b.tensor((*shape[:axis], size, *shape[axis + 1 :]), b.quantization(x)))
        b.part(layer, SplitV(axis, start, start + size, len(sizes)), given, outputs[-1])
        start += size
    return _one_of(b, outputs)


def _unpack(b: Builder) -> tuple[int, ...]:
    x = b.relu(b.input(*_shape(b, 3, 4, 5)), Relu)
    shape = b.shape(x)
    axis, layer = _int(b, 1, len(shape) - 1), b.layer
    outputs = [b.tensor(shape[:axis] + shape[axis + 1 :], b.quantization(x)) for _ in range(shape[axis])]
    for i, output in enumerate(outputs):
        b.part(layer, Unpack(axis, i, len(outputs)), (x,), output)
    return _one_of(b, outputs)


def _sliced(b: Builder) -> int:
    x = _input(b)
    begins = [_int(b, 0, n - 1) for n in b.shape(x)]
    return _again(b, _slice(b, x, begins, [_int(b, 1, n - at) for n, at in zip(b.shape(x), begins, strict=True)]))


def _entry(b: Builder, size: int) -> tuple[int, int, int]:
    """Begin, end and stride that take at least one element."""
    while True:
        begin, end = _int(b, -size - 2, size + 1), _int(b, -size - 2, size + 1)
        stride = int(b.rng.choice([-3, -2, -1, 1, 1, 2, 3]))
        if range(size)[begin:end:stride]:
            return begin, end, stride


def _strided(b: Builder, least: int, most: int) -> tuple[int, list[tuple[int, int, int]], int, int]:
    x = _input(b, least, most, 6)
    return x, [_entry(b, n) for n in b.shape(x)], _int(b, 0, 31), _int(b, 0, 31)


def _strided_slice(b: Builder) -> int:
    x, entries, begin_mask, end_mask = _strided(b, 2, 4)
    shape = b.shape(x)
    shrink = 0
    for i, (n, (begin, end, stride)) in enumerate(zip(shape, entries, strict=True)):
        first = None if begin_mask >> i & 1 else begin
        last = None if end_mask >> i & 1 else end
        if i and len(shape) > 2 and not b.rng.integers(4):
            shrink |= 1 << i
            entries[i] = (_int(b, -n, n - 1), end, 1)
        elif not range(n)[first:last:stride]:
            begin_mask, end_mask = begin_mask | 1 << i, end_mask | 1 << i
    return _again(b, _strided_node(b, x, entries, (begin_mask, end_mask, shrink, 0, 0)))


def _strided_node(b: Builder, x: int, entries: list[tuple[int, int, int]], masks: tuple[int, ...]) -> int:
    begin, end, strides = (tuple(e[i] for e in entries) for i in range(3))
    begin_mask, end_mask, shrink, ellipsis, new = masks
    size = len(entries)
    keep = (1 << size) - 1
    ends = begin_mask & keep, end_mask & keep
    op = StridedSlice(begin, end, strides, *ends, shrink_axis_mask=shrink, ellipsis_mask=ellipsis, new_axis_mask=new)
    shape = np.zeros(b.shape(x), np.int8)[tuple(indices_of(op))].shape
    return _moved(b, op, (x, _ints(b, *begin), _ints(b, *end), _ints(b, *strides)), shape)


def indices_of(op: StridedSlice) -> list[Any]:
    """What numpy calls the entries."""
    found: list[Any] = []
    for i, (begin, end, stride) in enumerate(zip(op.begin, op.end, op.strides, strict=True)):
        if op.ellipsis_mask >> i & 1:
            found.append(Ellipsis)
        elif op.new_axis_mask >> i & 1:
            found.append(None)
        elif op.shrink_axis_mask >> i & 1:
            found.append((0 if stride > 0 else -1) if op.begin_mask >> i & 1 else begin)
        else:
            first, last = None if op.begin_mask >> i & 1 else begin, None if op.end_mask >> i & 1 else end
            found.append(slice(first, last, stride))
    return found


def _strided_slice_masks(b: Builder) -> int:
    """Fewer entries than axes, an ellipsis, new axes."""
    x = _input(b, 3, 4, 5)
    shape = b.shape(x)
    kept = _int(b, 0, len(shape) - 1)
    entries = [_entry(b, n) for n in shape[:kept]]
    left = _int(b, 0, len(shape) - kept - 1)
    behind = [_entry(b, n) for n in shape[len(shape) - left :]] if left else []
    ellipsis = 1 << len(entries)
    new = 0
    items = [*entries, (0, 0, 1), *behind]
    if b.rng.integers(2) and len(items) < 5:
        new = 1 << len(items)
        items.append((0, 0, 1))
    return _strided_node(b, x, items, (0, 0, 0, ellipsis, new))


def _gather(b: Builder) -> int:
    x = _input(b)
    shape = b.shape(x)
    axis = _int(b, 1, len(shape) - 1)
    wanted = (_int(b, 1, 6),) if b.rng.integers(3) else ()
    indices = b.rng.integers(0, shape[axis], wanted)
    op = Gather(axis, tuple(int(i) for i in indices.ravel()), wanted)
    constant = b.constant(np.asarray(indices, np.int32))
    return _again(b, _moved(b, op, (x, constant), (*shape[:axis], *wanted, *shape[axis + 1 :])))


def _amounts(b: Builder, shape: Shape, most: Callable[[int], int]) -> tuple[tuple[int, int], ...]:
    pairs = [(_int(b, 0, most(n)), _int(b, 0, most(n))) if b.rng.integers(2) else (0, 0) for n in shape[1:]]
    return ((0, 0), *pairs)


def _padded(shape: Shape, amounts: tuple[tuple[int, int], ...]) -> Shape:
    return tuple(n + sum(pair) for n, pair in zip(shape, amounts, strict=True))


def _pad(b: Builder) -> int:
    x = _input(b)
    amounts = _amounts(b, b.shape(x), lambda _n: 4)
    paddings = b.constant(np.array(amounts, np.int32))
    return _again(b, _moved(b, Pad(amounts), (x, paddings), _padded(b.shape(x), amounts)))


def _padv2(b: Builder) -> int:
    x = _input(b)
    amounts = _amounts(b, b.shape(x), lambda _n: 4)
    value = b.constant(b.rng.integers(-128, 128, ()).astype(np.int8), b.quantization(x))
    op = PadV2(amounts, float(np.asarray(b.tensors[value].data)))
    given = (x, b.constant(np.array(amounts, np.int32)), value)
    return _again(b, _moved(b, op, given, _padded(b.shape(x), amounts)))


def _mirror_pad(b: Builder) -> int:
    x, reflect = _input(b), bool(b.rng.integers(2))
    amounts = _amounts(b, b.shape(x), lambda n: n - reflect)
    paddings = b.constant(np.array(amounts, np.int32))
    return _again(b, _moved(b, MirrorPad(amounts, reflect), (x, paddings), _padded(b.shape(x), amounts)))


def _transpose(b: Builder) -> int:
    x = _input(b, 2, 5, 6)
    permutation = tuple(int(i) for i in b.rng.permutation(len(b.shape(x))))
    turned = tuple(b.shape(x)[i] for i in permutation)
    return _moved(b, Transpose(permutation), (x, _ints(b, *permutation)), turned)


def _resized(b: Builder, x: int) -> tuple[tuple[int, int], bool, bool]:
    height, width = b.size(x)
    times = _int(b, 1, 4)
    size = (height * times, width * times) if b.rng.integers(2) else (_int(b, 1, 17), _int(b, 1, 17))
    align, half = ((False, False), (True, False), (False, True))[b.rng.integers(3)]
    return size, align, half


def _nearest(b: Builder) -> int:
    x = _input(b, 4, 4, 9)
    size, align, half = _resized(b, x)
    shape = (1, *size, b.shape(x)[3])
    return _again(b, _moved(b, ResizeNearestNeighbor(size, align, half), (x, _ints(b, *size)), shape))


def _bilinear(b: Builder) -> int:
    x = _input(b, 4, 4, 9)
    size, align, half = _resized(b, x)
    return _again(b, _moved(b, ResizeBilinear(size, align, half), (x, _ints(b, *size)), (1, *size, b.shape(x)[3])))


def _depth_to_space(b: Builder) -> int:
    block, (n, height, width, depth) = _int(b, 1, 3), (1, _int(b, 1, 6), _int(b, 1, 6), _int(b, 1, 4))
    x = b.relu(b.input(n, height, width, depth * block**2), Relu)
    return _again(b, _moved(b, DepthToSpace(block), (x,), (n, height * block, width * block, depth)))


def _space_to_depth(b: Builder) -> int:
    block, (n, height, width, depth) = _int(b, 1, 3), (1, _int(b, 1, 5), _int(b, 1, 5), _int(b, 1, 4))
    x = b.relu(b.input(n, height * block, width * block, depth), Relu)
    return _again(b, _moved(b, SpaceToDepth(block), (x,), (n, height, width, depth * block**2)))


def _there_and_back(b: Builder) -> int:
    """SPACE_TO_BATCH_ND, a clamp, BATCH_TO_SPACE_ND."""
    rank = _int(b, 1, 2)
    block = tuple(_int(b, 1, 3) for _ in range(rank))
    sizes = [_int(b, 1, 9) for _ in range(rank)]
    before = [_int(b, 0, 3) for _ in range(rank)]
    borders = tuple((p, -(p + n) % k + k * _int(b, 0, 1)) for p, n, k in zip(before, sizes, block, strict=True))
    depth = _int(b, 1, 4)
    x = b.relu(b.input(1, *sizes, depth), Relu)
    blocks = [(n + sum(border)) // k for n, border, k in zip(sizes, borders, block, strict=True)]
    given = (x, _ints(b, *block), b.constant(np.array(borders, np.int32)))
    batch = int(np.prod(block))
    many = b.relu(_moved(b, SpaceToBatchNd(block, borders), given, (batch, *blocks, depth)), Relu)
    larger = [n * k for n, k in zip(blocks, block, strict=True)]
    crops = tuple((int(c := _int(b, 0, (n - 1) // 2)), _int(b, 0, n - 1 - c)) for n in larger)
    left = tuple(n - sum(crop) for n, crop in zip(larger, crops, strict=True))
    behind = (many, _ints(b, *block), b.constant(np.array(crops, np.int32)))
    return _again(b, _moved(b, BatchToSpaceNd(block, crops), behind, (1, *left, depth)))


def _reverse(b: Builder) -> int:
    x = _input(b)
    first = _int(b, 0, len(b.shape(x)) - 1)
    axes = tuple(range(first, _int(b, first, len(b.shape(x)) - 1) + 1))
    return _again(b, _moved(b, ReverseV2(axes), (x, _ints(b, *axes)), b.shape(x)))


def _tile(b: Builder) -> int:
    x = _input(b, 2, 4, 5)
    multiples = (1, *(_int(b, 1, 3) for _ in b.shape(x)[1:]))
    shape = tuple(n * times for n, times in zip(b.shape(x), multiples, strict=True))
    return _again(b, _moved(b, Tile(multiples), (x, _ints(b, *multiples)), shape))


def _expand_dims(b: Builder) -> int:
    x = b.relu(b.input(*_shape(b, 1, 3)), Relu)
    shape = b.shape(x)
    axis = _int(b, 0, len(shape))
    return b.relu(_moved(b, ExpandDims(axis), (x, _ints(b, axis, shape=())), (*shape[:axis], 1, *shape[axis:])), Relu)


def _squeeze(b: Builder) -> int:
    shape = tuple(1 if b.rng.integers(2) else n for n in _shape(b, 2, 4))
    x = b.relu(b.input(*shape), Relu)
    ones = [i for i, n in enumerate(shape) if n == 1]
    axes = tuple(i for i in ones if i == ones[-1] or b.rng.integers(2))
    return b.relu(_moved(b, Squeeze(axes), (x,), tuple(n for i, n in enumerate(shape) if i not in axes)), Relu)


CASES: Final = {
    "BATCH_TO_SPACE_ND": Case(_there_and_back, Oracle.LITERT),
    "CONCATENATION": Case(_concatenation),
    "DEPTH_TO_SPACE": Case(_depth_to_space),
    "EXPAND_DIMS": Case(_expand_dims),
    "GATHER": Case(_gather),
    "MIRROR_PAD": Case(_mirror_pad),
    "PACK": Case(_pack),
    "PAD": Case(_pad),
    "PADV2": Case(_padv2),
    "RESIZE_BILINEAR": Case(_bilinear),
    "RESIZE_NEAREST_NEIGHBOR": Case(_nearest),
    "REVERSE_V2": Case(_reverse),
    "SLICE": Case(_sliced),
    "SPACE_TO_BATCH_ND": Case(_there_and_back, Oracle.LITERT),
    "SPACE_TO_DEPTH": Case(_space_to_depth),
    "SPLIT": Case(_split),
    "SPLIT_V": Case(_split_v),
    "SQUEEZE": Case(_squeeze),
    "STRIDED_SLICE": Case(_strided_slice),
    "STRIDED_SLICE with masks": Case(_strided_slice_masks, Oracle.LITERT),
    "TILE": Case(_tile, Oracle.LITERT),
    "TRANSPOSE": Case(_transpose),
    "UNPACK": Case(_unpack),
}
