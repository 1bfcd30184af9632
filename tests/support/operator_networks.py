"""A network of one layer for each operator and each form of it that takes its own time, of sizes as networks have them.

Its time on a board is the layer's. Sizes are random; seed 0 is what docs/results/operators-speed.md shows.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from depthwise.codegen.graph import DType, Graph, Pads, Quantization
from depthwise.codegen.operators import (
    Activation,
    Add,
    ArgMax,
    AveragePool2D,
    BatchMatmul,
    Concatenation,
    DepthToSpace,
    Div,
    Gather,
    HardSwish,
    LeakyRelu,
    Logistic,
    LogSoftmax,
    Maximum,
    MaxPool2D,
    Mean,
    Minimum,
    MirrorPad,
    Mul,
    Operation,
    Prelu,
    ReduceMax,
    Relu,
    ResizeBilinear,
    ResizeNearestNeighbor,
    ReverseV2,
    SelectV2,
    Softmax,
    SpaceToDepth,
    SquaredDifference,
    StridedSlice,
    Sub,
    Sum,
    Tanh,
    Tile,
)
from tests.support.network_builder import SOFTMAX_OUTPUT, Builder
from tests.support.stateful import lstm, svdf

Draw = Callable[[Builder], int]
Shape = tuple[int, ...]
AXES: Final = {"image": (1, 2), "channels": (3,), "rows": (1,)}
PROBABILITY: Final = Quantization((1 / 256,), (-128,))
SIGNED: Final = Quantization((1 / 128,), (0,))
LOGARITHM: Final = Quantization((1 / 16,), (127,))


def operator_network(name: str, seed: int) -> Graph:
    """The network of a name and a seed."""
    builder = Builder(seed)
    output = NETWORKS[name](builder)
    return builder.finish("one", output)


def _image(b: Builder, channels: int | None = None) -> int:
    height, width = (2 * int(n) for n in b.rng.integers(4, 13, 2))
    return b.input(1, height, width, 4 * int(b.rng.integers(1, 13)) if channels is None else channels)


def _ints(b: Builder, *values: int) -> int:
    return b.constant(np.array(values, np.int32))


def _moved(b: Builder, op: Operation, inputs: tuple[int, ...], shape: Shape) -> int:
    return b.node(op, inputs, b.tensor(shape, b.quantization(inputs[0])))


def _unary(make: Callable[[], Operation], output: Quantization | None = None) -> Draw:
    def draw(b: Builder) -> int:
        x = _image(b)
        found = b.activation(b.quantization(x).scale) if output is None else output
        return b.node(make(), (x,), b.tensor(b.shape(x), found))

    return draw


def _add() -> Operation:
    return Add(Activation.NONE)


def _sub() -> Operation:
    return Sub(Activation.NONE)


def _div() -> Operation:
    return Div(Activation.NONE)


def _mul() -> Operation:
    return Mul(Activation.NONE)


def _joined(make: Callable[[], Operation], other: str = "tensor", *, alike: bool = False) -> Draw:
    """Joins a tensor and another of its shape, one value for each channel, or a constant of those."""

    def draw(b: Builder) -> int:
        x = _image(b)
        shape = b.shape(x) if other == "tensor" else (1, 1, 1, b.shape(x)[3])
        given = b.quantization(x) if alike else b.activation()
        if other == "constant":
            y = b.constant(b.rng.integers(-127, 128, shape).astype(np.int8), given)
        else:
            y = b.tensor(shape, given)
            b.inputs.append(y)
        scale = b.quantization(x).scale * (given.scale * 50 if make is _mul else 1.5)
        return b.node(make(), (x, y), b.tensor(b.shape(x), given if alike else b.activation(scale)))

    return draw


def _reduced(make: Callable[[Shape], Operation], which: str, *, keeps: bool = False) -> Draw:
    def draw(b: Builder) -> int:
        x, axes = _image(b), AXES[which]
        shape = tuple(1 if i in axes else n for i, n in enumerate(b.shape(x)))
        output = b.quantization(x) if keeps else b.activation(b.quantization(x).scale * 3)
        return b.node(make(axes), (x, _ints(b, *axes)), b.tensor(shape, output))

    return draw


def _vectors(make: Callable[[], Operation], output: Quantization) -> Draw:
    def draw(b: Builder) -> int:
        x = _image(b)
        return b.node(make(), (x,), b.tensor(b.shape(x), output))

    return draw


def _arg_max(b: Builder) -> int:
    x = _image(b)
    return b.node(ArgMax(3), (x, _ints(b, 3)), b.tensor(b.shape(x)[:3], None, DType.INT32))


def _concatenation(b: Builder) -> int:
    x = _image(b)
    y = b.tensor((*b.shape(x)[:3], 4 * int(b.rng.integers(1, 13))), b.quantization(x))
    b.inputs.append(y)
    return _moved(b, Concatenation(3), (x, y), (*b.shape(x)[:3], b.shape(x)[3] + b.shape(y)[3]))


def _mirror_pad(b: Builder) -> int:
    x = _image(b)
    amounts = ((0, 0), (2, 2), (1, 3), (0, 0))
    shape = tuple(n + sum(pair) for n, pair in zip(b.shape(x), amounts, strict=True))
    return _moved(b, MirrorPad(amounts, reflect=True), (x, b.constant(np.array(amounts, np.int32))), shape)


def _resized(make: type[ResizeBilinear] | type[ResizeNearestNeighbor]) -> Draw:
    def draw(b: Builder) -> int:
        x = _image(b)
        height, width = (2 * n for n in b.size(x))
        op = make((height, width), align_corners=False, half_pixel_centers=bool(b.rng.integers(2)))
        return _moved(b, op, (x, _ints(b, height, width)), (1, height, width, b.shape(x)[3]))

    return draw


def _strided_slice(b: Builder) -> int:
    x = _image(b)
    _, height, width, channels = b.shape(x)
    begin, end, strides = (0, 0, 0, 0), (1, height, width, channels), (1, 2, 2, 1)
    shape = (1, height // 2, width // 2, channels)
    op = StridedSlice(begin, end, strides, begin_mask=0, end_mask=0, shrink_axis_mask=0)
    return _moved(b, op, (x, *(_ints(b, *v) for v in (begin, end, strides))), shape)


def _gather(b: Builder) -> int:
    x = _image(b)
    shape, count = b.shape(x), 6
    chosen = b.rng.integers(0, shape[3], count)
    op = Gather(3, tuple(chosen.tolist()), (count,))
    return _moved(b, op, (x, b.constant(chosen.astype(np.int32))), (*shape[:3], count))


def _prelu(b: Builder) -> int:
    x = _image(b)
    slopes = b.rng.integers(-127, 128, (1, 1, b.shape(x)[3])).astype(np.int8)
    alpha = b.constant(slopes, Quantization((0.004,), (0,)))
    return b.node(Prelu(), (x, alpha), b.tensor(b.shape(x), b.activation(b.quantization(x).scale)))


def _depth_to_space(b: Builder) -> int:
    x = _image(b)
    _, height, width, channels = b.shape(x)
    return _moved(b, DepthToSpace(2), (x,), (1, height * 2, width * 2, channels // 4))


def _space_to_depth(b: Builder) -> int:
    x = _image(b)
    _, height, width, channels = b.shape(x)
    return _moved(b, SpaceToDepth(2), (x,), (1, height // 2, width // 2, channels * 4))


def _reverse(b: Builder) -> int:
    x = _image(b)
    return _moved(b, ReverseV2((2,)), (x, _ints(b, 2)), b.shape(x))


def _tile(b: Builder) -> int:
    x = _image(b)
    _, height, width, channels = b.shape(x)
    return _moved(b, Tile((1, 1, 2, 1)), (x, _ints(b, 1, 1, 2, 1)), (1, height, 2 * width, channels))


def _selected(b: Builder) -> int:
    x = _image(b)
    q, condition = b.quantization(x), b.tensor(b.shape(x), Quantization((1.0,), (0,)))
    y = b.tensor(b.shape(x), q)
    b.inputs += [condition, y]
    return b.node(SelectV2(), (condition, x, y), b.tensor(b.shape(x), q))


def _matrices(*, constant: bool) -> Draw:
    def draw(b: Builder) -> int:
        x = _image(b)
        _, height, width, depth = b.shape(x)
        shape, given = (1, height, depth, 4 * int(b.rng.integers(1, 9))), b.activation()
        if constant:
            y = b.constant(b.rng.integers(-127, 128, shape).astype(np.int8), given)
        else:
            y = b.tensor(shape, given)
            b.inputs.append(y)
        out = b.activation(b.quantization(x).scale * given.scale * 500)
        return b.node(BatchMatmul(False, False), (x, y), b.tensor((1, height, width, shape[3]), out))

    return draw


def _groups(b: Builder) -> int:
    groups, channels = 4, 4 * int(b.rng.integers(1, 7))
    return b.conv(_image(b, channels), channels, groups=groups)


def _svdf(*, wide: bool) -> Draw:
    def draw(b: Builder) -> int:
        units, rank, steps = (int(b.rng.integers(low, high)) for low, high in ((16, 65), (1, 3), (4, 11)))
        return svdf(b, b.input(1, int(b.rng.integers(16, 65))), units, rank, steps, wide=wide)

    return draw


def _lstm(b: Builder) -> int:
    steps, inputs, units = (int(b.rng.integers(low, high)) for low, high in ((4, 17), (8, 33), (8, 33)))
    return lstm(b, b.input(1, steps, inputs), units)


NETWORKS: Final[Mapping[str, Draw]] = {
    "ADD": _joined(_add),
    "ADD of a constant": _joined(_add, "constant"),
    "ADD of a vector": _joined(_add, "vector"),
    "ARG_MAX": _arg_max,
    "AVERAGE_POOL_2D": lambda b: b.pool(_image(b), AveragePool2D),
    "AVERAGE_POOL_2D 3x3": lambda b: b.pool(_image(b), AveragePool2D, (3, 3), (1, 1), same=True),
    "BATCH_MATMUL": _matrices(constant=False),
    "BATCH_MATMUL of a constant": _matrices(constant=True),
    "CONCATENATION": _concatenation,
    "CONV_2D": lambda b: b.conv(_image(b), 4 * int(b.rng.integers(1, 9))),
    "CONV_2D 1x1": lambda b: b.conv(_image(b), 4 * int(b.rng.integers(1, 13)), (1, 1)),
    "CONV_2D groups": _groups,
    "DEPTHWISE_CONV_2D": lambda b: b.depthwise(_image(b)),
    "DEPTHWISE_CONV_2D 5x5": lambda b: b.depthwise(_image(b), (5, 5)),
    "DEPTHWISE_CONV_2D x 2": lambda b: b.depthwise(_image(b), multiplier=2),
    "DEPTH_TO_SPACE": _depth_to_space,
    "DIV": _joined(_div),
    "DIV by a constant": _joined(_div, "constant"),
    "FULLY_CONNECTED": lambda b: b.dense(_image(b), 10),
    "FULLY_CONNECTED of vectors": lambda b: b.dense_of_vectors(_image(b), 12),
    "GATHER": _gather,
    "HARD_SWISH": _unary(HardSwish),
    "LEAKY_RELU": _unary(lambda: LeakyRelu(0.125)),
    "LOGISTIC": _unary(Logistic, PROBABILITY),
    "LOG_SOFTMAX": _vectors(LogSoftmax, LOGARITHM),
    "MAXIMUM": _joined(Maximum, alike=True),
    "MAXIMUM with a constant": _joined(Maximum, "constant", alike=True),
    "MAX_POOL_2D": lambda b: b.pool(_image(b), MaxPool2D),
    "MAX_POOL_2D 3x3": lambda b: b.pool(_image(b), MaxPool2D, (3, 3), same=True),
    "MEAN": _reduced(Mean, "image"),
    "MEAN of channels": _reduced(Mean, "channels"),
    "MINIMUM": _joined(Minimum, alike=True),
    "MINIMUM with a constant": _joined(Minimum, "constant", alike=True),
    "MIRROR_PAD": _mirror_pad,
    "MUL": _joined(_mul),
    "MUL by a constant": _joined(_mul, "constant"),
    "MUL by a vector": _joined(_mul, "vector"),
    "PAD": lambda b: b.pad(_image(b), Pads(2, 2, 1, 3)),
    "PRELU": _prelu,
    "QUANTIZE": lambda b: b.requantize(_image(b)),
    "REDUCE_MAX": _reduced(ReduceMax, "image", keeps=True),
    "REDUCE_MAX of channels": _reduced(ReduceMax, "channels", keeps=True),
    "RELU": _unary(Relu),
    "RESIZE_BILINEAR": _resized(ResizeBilinear),
    "RESIZE_NEAREST_NEIGHBOR": _resized(ResizeNearestNeighbor),
    "REVERSE_V2": _reverse,
    "SELECT_V2": _selected,
    "SOFTMAX": _vectors(lambda: Softmax(1.0), SOFTMAX_OUTPUT),
    "SPACE_TO_DEPTH": _space_to_depth,
    "STRIDED_SLICE": _strided_slice,
    "SQUARED_DIFFERENCE": _joined(SquaredDifference),
    "SQUARED_DIFFERENCE of a constant": _joined(SquaredDifference, "constant"),
    "SUB": _joined(_sub),
    "SUB of a constant": _joined(_sub, "constant"),
    "SUM": _reduced(Sum, "image"),
    "SUM of rows": _reduced(Sum, "rows"),
    "SVDF": _svdf(wide=False),
    "SVDF int16": _svdf(wide=True),
    "TANH": _unary(Tanh, SIGNED),
    "TILE": _tile,
    "TRANSPOSE": lambda b: b.transpose(_image(b), 0, 2, 1, 3),
    "TRANSPOSE of channels": lambda b: b.transpose(_image(b), 0, 3, 1, 2),
    "TRANSPOSE_CONV": lambda b: b.transpose_conv(_image(b, 4 * int(b.rng.integers(1, 5))), 8),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _lstm,
}
