"""A small network of each operator that only moves elements."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph
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
from tests.support.network_builder import Builder

Shape = tuple[int, ...]
IMAGE: Final = (1, 6, 4, 3)


def one(op: Operation, constants: tuple[Array, ...], shape: Shape, source: Shape = IMAGE) -> Graph:
    """One operator that reads an image and constants."""
    build = Builder(31)
    x = build.relu(build.input(*source), Relu)
    given = (x, *map(build.constant, constants))
    build.relu(build.node(op, given, build.tensor(shape, build.quantization(x))), Relu)
    return build.finish(op.kind.lower())


def joined(op: Operation, shape: Shape, source: Shape, *, constant: bool = False) -> Graph:
    """Two tensors, or a tensor and a constant, that are joined."""
    build = Builder(32)
    x = build.relu(build.input(*source), Relu)
    values = build.rng.integers(-128, 128, source).astype(np.int8)
    other = build.constant(values, build.quantization(x)) if constant else build.relu(x, Relu)
    build.node(op, (x, other), build.tensor(shape, build.quantization(x)))
    return build.finish(op.kind.lower())


def parts(made: Callable[[int], Operation], sizes: tuple[Shape, ...], *constants: Array) -> Graph:
    """One operator with several outputs, all of which are read."""
    build = Builder(33)
    x = build.relu(build.input(*IMAGE), Relu)
    given, layer = (x, *map(build.constant, constants)), build.layer
    outputs = [build.tensor(size, build.quantization(x)) for size in sizes]
    for number, output in enumerate(outputs):
        build.part(layer, made(number), given, output)
    build.node(Concatenation(len(sizes[0]) - 1), tuple(outputs), build.tensor(_beside(sizes), build.quantization(x)))
    return build.finish(made(0).kind.lower())


def _beside(sizes: tuple[Shape, ...]) -> Shape:
    return (*sizes[0][:-1], sum(size[-1] for size in sizes))


def padded_value() -> Graph:
    """PADV2, whose value has a quantization."""
    build = Builder(34)
    x = build.relu(build.input(*IMAGE), Relu)
    value = build.constant(np.array(7, np.int8), build.quantization(x))
    amounts = ((0, 0), (1, 0), (0, 2), (0, 0))
    given = (x, build.constant(np.array(amounts, np.int32)), value)
    build.node(PadV2(amounts, 7.0), given, build.tensor((1, 7, 6, 3), build.quantization(x)))
    return build.finish("padv2")


def _ints(*values: int) -> Array:
    return np.array(values, np.int32)


def _pairs(*values: tuple[int, int]) -> Array:
    return np.array(values, np.int32)


CHANNELS: Final = ((0, 0), (0, 0), (1, 0), (2, 3))
MIRRORED: Final = ((0, 0), (2, 1), (1, 3), (0, 0))
CROPS: Final = ((1, 0), (0, 1))
BORDERS: Final = ((1, 1), (0, 2))
MOVES: Final[dict[str, Callable[[], Graph]]] = {
    "concatenation": partial(joined, Concatenation(3), (1, 6, 4, 6), IMAGE),
    "concatenation_rows": partial(joined, Concatenation(1), (1, 12, 4, 3), IMAGE),
    "concatenation_constant": partial(joined, Concatenation(2), (1, 6, 8, 3), IMAGE, constant=True),
    "pack_images": partial(joined, Pack(2), (1, 5, 2, 3), (1, 5, 3)),
    "split": partial(
        parts, lambda i: Split(1, 3 * i, 3 * i + 3, 2), ((1, 3, 4, 3), (1, 3, 4, 3)), np.array(1, np.int32)
    ),
    "split_v": partial(
        parts, lambda i: SplitV(3, i, 1 + 2 * i, 2), ((1, 6, 4, 1), (1, 6, 4, 2)), _ints(1, 2), np.array(3, np.int32)
    ),
    "unpack": partial(parts, lambda i: Unpack(2, i, 4), ((1, 6, 3),) * 4),
    "slice": partial(one, Slice((0, 2, 1, 0), (-1, 3, -1, -1)), (_ints(0, 2, 1, 0), _ints(1, 3, 3, 3)), (1, 3, 3, 3)),
    "strided_slice": partial(
        one,
        StridedSlice((0, 5, 0, 1), (1, 0, 4, 3), (1, -2, 1, 1), 0, 2, shrink_axis_mask=0),
        (_ints(0, 5, 0, 1), _ints(1, 0, 4, 3), _ints(1, -2, 1, 1)),
        (1, 3, 4, 2),
    ),
    "gather": partial(one, Gather(2, (3, 0, 3, 1, 2, 2, 0), (7,)), (_ints(3, 0, 3, 1, 2, 2, 0),), (1, 6, 7, 3)),
    "expand_dims": partial(one, ExpandDims(1), (np.array(1, np.int32),), (1, 1, 5, 3), (1, 5, 3)),
    "squeeze": partial(one, Squeeze((2,)), (), (1, 6, 3), (1, 6, 1, 3)),
    "pad_channels": partial(one, Pad(CHANNELS), (_pairs(*CHANNELS),), (1, 6, 5, 8)),
    "padv2": padded_value,
    "mirror_pad": partial(one, MirrorPad(MIRRORED, reflect=True), (_pairs(*MIRRORED),), (1, 9, 8, 3)),
    "resize_bilinear": partial(one, ResizeBilinear((11, 8), False, True), (_ints(11, 8),), (1, 11, 8, 3)),
    "resize_bilinear_down": partial(one, ResizeBilinear((4, 1), True, False), (_ints(4, 1),), (1, 4, 1, 3)),
    "resize_nearest_neighbor": partial(
        one, ResizeNearestNeighbor((12, 8), False, False), (_ints(12, 8),), (1, 12, 8, 3)
    ),
    "transpose_columns": partial(one, Transpose((0, 1, 3, 2)), (_ints(0, 1, 3, 2),), (1, 6, 3, 4)),
    "transpose_batch": partial(one, Transpose((2, 0, 1, 3)), (_ints(2, 0, 1, 3),), (4, 1, 6, 3)),
    "depth_to_space": partial(one, DepthToSpace(2), (), (1, 6, 8, 2), (1, 3, 4, 8)),
    "space_to_depth": partial(one, SpaceToDepth(2), (), (1, 3, 2, 12)),
    "space_to_batch_nd": partial(one, SpaceToBatchNd((2, 3), BORDERS), (_ints(2, 3), _pairs(*BORDERS)), (6, 4, 2, 3)),
    "reverse_v2": partial(one, ReverseV2((1, 2)), (_ints(1, 2),), IMAGE),
    "tile": partial(one, Tile((1, 2, 1, 3)), (_ints(1, 2, 1, 3),), (1, 12, 4, 9)),
}


def batches() -> Graph:
    """SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND, a clamp between them."""
    build = Builder(35)
    x = build.relu(build.input(*IMAGE), Relu)
    given = (x, build.constant(_ints(2, 3)), build.constant(_pairs(*BORDERS)))
    many = build.node(SpaceToBatchNd((2, 3), BORDERS), given, build.tensor((6, 4, 2, 3), build.quantization(x)))
    back = (build.relu(many, Relu), build.constant(_ints(2, 3)), build.constant(_pairs(*CROPS)))
    build.node(BatchToSpaceNd((2, 3), CROPS), back, build.tensor((1, 7, 5, 3), build.quantization(x)))
    return build.finish("batches")


MOVES["batch_to_space_nd"] = batches
