"""Small valid int8 networks of operators that join two tensors, for everyone's tests."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

from depthwise.codegen.graph import DType, Graph, Quantization
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    BatchMatmul,
    Div,
    Fill,
    Maximum,
    Mean,
    Minimum,
    Mul,
    Operation,
    ReduceMax,
    ReduceMin,
    ReduceProd,
    SelectV2,
    SquaredDifference,
    Sub,
    Sum,
)
from tests.support.network_builder import Builder


def joined(build: Builder, op: Operation, x: int, y: int) -> int:
    """Two tensors joined; extremes keep the quantization."""
    shape = np.broadcast_shapes(build.shape(x), build.shape(y))
    scales = build.quantization(x).scale, build.quantization(y).scale
    scale = 60 * scales[0] * scales[1] if isinstance(op, Mul) else 1.3 * max(scales)
    kept = build.quantization(x) if isinstance(op, Maximum | Minimum) else build.activation(scale)
    return build.node(op, (x, y), build.tensor(shape, kept))


def pair_network(op: Operation) -> Graph:
    """Two inputs of one shape."""
    build = Builder(31)
    joined(build, op, build.input(1, 5, 4, 3), build.input(1, 5, 4, 3))
    return build.finish("pair")


def constant_network(op: Operation, *shape: int, first: bool = False) -> Graph:
    """An image and a constant, on either side, between convolutions."""
    build = Builder(32)
    x = build.conv(build.input(1, 6, 5, 3), 4)
    values = build.rng.integers(-128, 128, shape).astype(np.int8)
    y = build.constant(values, build.activation())
    build.conv(joined(build, op, *((y, x) if first else (x, y))), 3, (1, 1))
    return build.finish("constant")


def quotient_network(*channels: int) -> Graph:
    """An image divided by what is above 0: another one, or a constant."""
    build = Builder(43)
    x, given = build.input(1, 5, 4, 3), Quantization((0.0625,), (-128,))
    if channels:
        y = build.constant(build.rng.integers(-100, 128, channels).astype(np.int8), given)
    else:
        least = build.constant(np.array(-120, np.int8), given)
        y = joined(build, Maximum(), build.requantize_to(build.input(1, 5, 4, 3), given), least)
    out = build.activation(build.quantization(x).scale / given.scale / 100)
    build.node(Div(Activation.RELU), (x, y), build.tensor((1, 5, 4, 3), out))
    return build.finish("quotient")


def excite_network() -> Graph:
    """Squeeze and excite: a map times a number for each channel, which is computed from the whole map."""
    build = Builder(33)
    x = build.depthwise(build.conv(build.input(1, 8, 6, 3), 6))
    y = build.conv(build.conv(build.mean(x, keep=True), 3, (1, 1)), 6, (1, 1), activation=Activation.RELU)
    build.conv(joined(build, Mul(Activation.NONE), x, y), 4, (1, 1), activation=Activation.NONE)
    return build.finish("excite")


def crossed_network() -> Graph:
    """Rows plus columns: both operands are broadcast."""
    build = Builder(34)
    x = build.input(1, 6, 5, 3)
    rows = build.pool(x, AveragePool2D, (1, 5), (1, 1))
    columns = build.requantize(build.pool(x, AveragePool2D, (6, 1), (1, 1)))
    joined(build, Add(Activation.RELU), rows, columns)
    return build.finish("crossed")


def reduced(build: Builder, make: Callable[[tuple[int, ...]], Operation], x: int, *axes: int, keep: bool) -> int:
    """A tensor reduced along axes; extremes keep the quantization."""
    shape = tuple(1 if i in axes else n for i, n in enumerate(build.shape(x)) if keep or i not in axes)
    op = make(axes)
    kept = isinstance(op, ReduceMax | ReduceMin)
    quantization = build.quantization(x) if kept else build.activation(build.quantization(x).scale * 1.5)
    given = build.constant(np.array(axes, np.int32))
    return build.node(op, (x, given), build.tensor(shape, quantization))


def reduction_network(make: Callable[[tuple[int, ...]], Operation], *axes: int, keep: bool = False) -> Graph:
    """An image reduced along axes."""
    build = Builder(35)
    reduced(build, make, build.input(1, 6, 5, 4), *axes, keep=keep)
    return build.finish("reduction")


def product_of_sizes_network() -> Graph:
    """RESHAPE to a shape that REDUCE_PROD and PACK compute of constants."""
    build = Builder(36)
    x = build.conv(build.input(1, 5, 4, 3), 6)
    sizes, axes = (build.constant(np.array(values, np.int32)) for values in ([5, 4], [0]))
    pixels = build.node(ReduceProd((0,)), (sizes, axes), build.tensor((), None, DType.INT32))
    one, channels = (build.constant(np.array(size, np.int32)) for size in (1, 6))
    build.requantize(build.reshape(x, 1, 20, 6, computed=build.pack(one, pixels, channels)))
    return build.finish("product_of_sizes")


def filled_network() -> Graph:
    """A vector added to a layer of one that FILL makes, as a recurrent layer that is unrolled begins."""
    build = Builder(42)
    x = build.dense_of_vectors(build.input(1, 6), 5)
    given = build.activation()
    sizes = build.constant(np.array((1, 5), np.int32))
    value = build.constant(np.array(given.zero_point, np.int8), given)
    state = build.node(Fill(), (sizes, value), build.tensor((1, 5), given))
    build.add(x, build.dense_of_vectors(state, 5))
    return build.finish("filled")


def vectors_network(*shape: int, **options: bool) -> Graph:
    """FULLY_CONNECTED of each vector along the last axis."""
    build = Builder(37)
    build.dense_of_vectors(build.input(*shape), **options)
    return build.finish("vectors")


def groups_network(groups: int, channels: int, **options: Any) -> Graph:
    """CONV_2D of an image whose six channels are in groups; options as `Builder.conv` takes them."""
    build = Builder(38)
    build.conv(build.input(1, 7, 6, 6), channels, groups=groups, **options)
    return build.finish("groups")


def transpose_conv_network(**options: Any) -> Graph:
    """TRANSPOSE_CONV; options as `Builder.transpose_conv` takes them."""
    build = Builder(39)
    build.transpose_conv(build.input(1, 4, 5, 3), **options)
    return build.finish("transpose_conv")


def selected_network(*, number: bool = False) -> Graph:
    """An image or another one, or a number, as a condition says."""
    build = Builder(44)
    condition = build.tensor((1, 5, 4, 3), Quantization((1.0,), (0,)))
    build.inputs.append(condition)
    x = build.input(1, 5, 4, 3)
    if number:
        y = build.constant(np.array(7, np.int8), build.quantization(x))
    else:
        y = build.requantize_to(build.input(1, 5, 4, 3), build.quantization(x))
    build.node(SelectV2(), (condition, y, x), build.tensor((1, 5, 4, 3), build.quantization(x)))
    return build.finish("selected")


def attention_network(values: tuple[int, ...] = ()) -> Graph:
    """Each vector's share of all of them, by their products; or of constant `values` of a shape."""
    build = Builder(41)
    x = build.input(1, 5, 6)
    queries, keys = build.dense_of_vectors(x, 4), build.dense_of_vectors(x, 4)
    products = matrices(build, BatchMatmul(False, True), queries, keys, (1, 5, 5))
    shares = build.softmax(products)
    y = build.constant(build.rng.integers(-128, 128, values).astype(np.int8), build.activation()) if values else x
    matrices(build, BatchMatmul(True, False), shares, y, (*(values or (1, 5, 6))[:-2], 5, 6))
    return build.finish("attention")


def matrices(build: Builder, op: BatchMatmul, one: int, other: int, shape: tuple[int, ...]) -> int:
    """BATCH_MATMUL of two tensors."""
    scale = 100 * build.quantization(one).scale * build.quantization(other).scale
    return build.node(op, (one, other), build.tensor(shape, build.activation(scale)))


NONE: Final = Activation.NONE
ARITHMETIC_NETWORKS: Final[dict[str, Callable[[], Graph]]] = {
    "add_crossed": crossed_network,
    "add_channels": partial(constant_network, Add(Activation.RELU6), 4),
    "sub": partial(pair_network, Sub(NONE)),
    "sub_from_constant": partial(constant_network, Sub(NONE), 1, 1, 5, 1, first=True),
    "squares": partial(pair_network, SquaredDifference()),
    "squares_of_channels": partial(constant_network, SquaredDifference(), 4),
    "div": quotient_network,
    "div_by_channels": partial(quotient_network, 3),
    "mul": partial(pair_network, Mul(NONE)),
    "mul_number": partial(constant_network, Mul(Activation.RELU)),
    "mul_map": partial(constant_network, Mul(NONE), 1, 6, 5, 4),
    "excite": excite_network,
    "selected": selected_network,
    "selected_number": partial(selected_network, number=True),
    "attention": attention_network,
    "attention_of_constants": partial(attention_network, (2, 5, 6)),
    "maximum": partial(pair_network, Maximum()),
    "maximum_number": partial(constant_network, Maximum(), 1),
    "minimum": partial(pair_network, Minimum()),
    "minimum_channels": partial(constant_network, Minimum(), 1, 1, 1, 4),
    "mean_channels": partial(reduction_network, Mean, 3, keep=True),
    "mean_height_and_channels": partial(reduction_network, Mean, 1, 3),
    "sum": partial(reduction_network, Sum, 1, 2, keep=True),
    "sum_width": partial(reduction_network, Sum, 2),
    "reduce_max": partial(reduction_network, ReduceMax, 1, 2),
    "reduce_max_width": partial(reduction_network, ReduceMax, 2, keep=True),
    "reduce_min": partial(reduction_network, ReduceMin, 1),
    "product_of_sizes": product_of_sizes_network,
    "filled": filled_network,
    "dense_map": partial(vectors_network, 1, 4, 3, 6),
    "dense_vectors": partial(vectors_network, 1, 5, 6, per_channel=True),
    "transpose_conv": transpose_conv_network,
    "transpose_conv_valid": partial(transpose_conv_network, same=False, kernel=(2, 4), stride=(3, 1)),
    "conv_groups": partial(groups_network, 2, 8, stride=(2, 1)),
    "conv_group_for_each": partial(groups_network, 6, 12, same=False),
}
