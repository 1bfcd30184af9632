"""Small valid int8 networks for everyone's tests: one per operator by name, and any number by seed."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Quantization
from depthwise.codegen.operators import (
    Activation,
    AveragePool2D,
    Dequantize,
    MaxPool2D,
    Pads,
    Quantize,
    Relu,
    Relu6,
)
from tests.support import elementwise_networks
from tests.support.arithmetic_networks import ARITHMETIC_NETWORKS
from tests.support.move_networks import MOVES
from tests.support.network_builder import Builder, Pair
from tests.support.stateful import kept, lstm, read, svdf


def image(graph: Graph, seed: int = 0) -> Array:
    """Random input of the right shape and type for a network with one input."""
    tensor = graph.tensors[graph.inputs[0]]
    rng = np.random.default_rng(seed)
    match tensor.dtype:
        case DType.INT8:
            return rng.integers(-128, 128, tensor.shape).astype(np.int8)
        case DType.UINT8:
            return rng.integers(0, 256, tensor.shape).astype(np.uint8)
        case _:
            return rng.standard_normal(tensor.shape).astype(np.float32)


def conv_network(seed: int = 1, shape: tuple[int, int, int] = (9, 7, 3), **options: Any) -> Graph:
    """One CONV_2D; options as `Builder.conv` takes them."""
    build = Builder(seed)
    build.conv(build.input(1, *shape), **options)
    return build.finish("conv")


def depthwise_network(seed: int = 2, shape: tuple[int, int, int] = (9, 7, 3), **options: Any) -> Graph:
    """One DEPTHWISE_CONV_2D; options as `Builder.depthwise` takes them."""
    build = Builder(seed)
    build.depthwise(build.input(1, *shape), **options)
    return build.finish("depthwise")


def dense_network(seed: int = 3, inputs: int = 37, **options: Any) -> Graph:
    """One FULLY_CONNECTED; options as `Builder.dense` takes them."""
    build = Builder(seed)
    build.dense(build.input(1, inputs), **options)
    return build.finish("dense")


def pool_network(
    op: type[AveragePool2D] | type[MaxPool2D],
    kernel: Pair = (2, 2),
    stride: Pair = (2, 2),
    *,
    same: bool = False,
    activation: Activation = Activation.NONE,
) -> Graph:
    """One pooling layer."""
    build = Builder(4)
    build.pool(build.input(1, 9, 7, 5), op, kernel, stride, same=same, activation=activation)
    return build.finish("pool")


def add_network(activation: Activation = Activation.NONE) -> Graph:
    """Two inputs, one ADD."""
    build = Builder(5)
    build.add(build.input(1, 5, 4, 3), build.input(1, 5, 4, 3), activation)
    return build.finish("add")


def pad_network() -> Graph:
    """One PAD, another width at every edge."""
    build = Builder(6)
    build.pad(build.input(1, 5, 4, 3), Pads(2, 1, 0, 3))
    return build.finish("pad")


def mean_network(*, keep: bool = False) -> Graph:
    """One MEAN."""
    build = Builder(7)
    build.mean(build.input(1, 6, 5, 9), keep=keep)
    return build.finish("mean")


def softmax_network() -> Graph:
    """One SOFTMAX."""
    build = Builder(8)
    build.softmax(build.input(1, 11))
    return build.finish("softmax")


def reshape_network() -> Graph:
    """One RESHAPE."""
    build = Builder(9)
    build.reshape(build.input(1, 4, 3, 2), 1, 24)
    return build.finish("reshape")


def requantize_network() -> Graph:
    """One QUANTIZE from int8 to int8."""
    build = Builder(10)
    build.requantize(build.input(1, 5, 4, 3))
    return build.finish("requantize")


def relu_network(op: type[Relu] | type[Relu6], *, rescale: bool = False) -> Graph:
    """One RELU or RELU6."""
    build = Builder(15)
    build.relu(build.input(1, 5, 4, 3), op, rescale=rescale)
    return build.finish("relu")


def transpose_network(*permutation: int) -> Graph:
    """One TRANSPOSE."""
    build = Builder(16)
    build.transpose(build.input(*(1, 4, 3, 5, 2)[: len(permutation)]), *permutation)
    return build.finish("transpose")


def shuffle_network() -> Graph:
    """A channel shuffle that nothing can take in."""
    build = Builder(17)
    build.shuffle(build.input(1, 4, 3, 6), 3)
    return build.finish("shuffle")


def residual_network() -> Graph:
    """MobileNetV2's block: expand, depthwise, project, add."""
    build = Builder(11)
    x = build.conv(build.input(1, 8, 8, 3), 4, stride=(2, 2))
    wide = build.depthwise(build.conv(x, 12, (1, 1)))
    build.add(x, build.conv(wide, 4, (1, 1), activation=Activation.NONE))
    return build.finish("residual")


def mobilenet_network() -> Graph:
    """MobileNetV1 in small: every kind of layer the real one has."""
    build = Builder(12)
    x = build.conv(build.input(1, 12, 12, 3), 4, stride=(2, 2))
    x = build.conv(build.depthwise(x), 8, (1, 1), dead=True)
    x = build.conv(build.depthwise(x, stride=(2, 2)), 12, (1, 1))
    x = build.pool(x, AveragePool2D, (3, 3), (3, 3))
    build.softmax(build.dense(build.reshape(x, 1, 12)))
    return build.finish("mobilenet")


def keras_leftovers_network() -> Graph:
    """RESHAPE to a shape computed by SHAPE, STRIDED_SLICE and PACK."""
    build = Builder(13)
    x = build.mean(build.conv(build.input(1, 6, 6, 3), 6))
    sizes = [build.constant(np.array(size, np.int32)) for size in (1, 1, 6)]
    shape = build.pack(build.batch_size(x), *sizes)
    build.conv(build.reshape(x, 1, 1, 1, 6, computed=shape), 4, (1, 1))
    return build.finish("keras_leftovers")


def svdf_network(*, wide: bool) -> Graph:
    """One SVDF, with a memory of int8 or, where it is `wide`, int16."""
    build = Builder(26)
    svdf(build, build.input(1, 11), units=3, rank=2, steps=5, wide=wide)
    return build.finish("svdf")


def lstm_network() -> Graph:
    """One LSTM over three steps, its cells clipped."""
    build = Builder(28)
    return build.finish("lstm", lstm(build, build.input(1, 3, 5), units=4, clip=0.25))


def delayed_network() -> Graph:
    """The sum of a convolution's outputs in this run and in the last one, which are 7 in the first."""
    build = Builder(27)
    now = build.conv(build.input(1, 5, 4, 3), channels=4)
    before = read(build, build.shape(now), build.quantization(now))
    kept(build, before, now, np.full(build.shape(now), 7, np.int8))
    build.add(now, before)
    return build.finish("delayed")


def ends_network(dtype: DType) -> Graph:
    """QUANTIZE at the input and DEQUANTIZE (float32) or QUANTIZE (uint8) at the output."""
    build = Builder(14)
    outside = None if dtype is DType.FLOAT32 else Quantization((0.0234375,), (128,))
    start = build.tensor((1, 6, 5, 2), outside, dtype)
    build.inputs.append(start)
    x = build.node(Quantize(), (start,), build.tensor((1, 6, 5, 2), build.activation(0.0234375)))
    x = build.conv(x, 3)
    op = Dequantize() if dtype is DType.FLOAT32 else Quantize()
    build.node(op, (x,), build.tensor(build.shape(x), outside, dtype))
    return build.finish("ends")


NAMED_NETWORKS: Final[dict[str, Callable[[], Graph]]] = {
    "conv": conv_network,
    "conv_valid": partial(conv_network, same=False, activation=Activation.NONE),
    "conv_strided": partial(conv_network, stride=(2, 3), kernel=(5, 4), activation=Activation.RELU),
    "conv_pointwise": partial(conv_network, kernel=(1, 1), channels=13),
    "conv_dilated": partial(conv_network, dilation=(2, 3), activation=Activation.RELU_N1_TO_1),
    "conv_per_tensor": partial(conv_network, per_channel=False),
    "conv_without_bias": partial(conv_network, bias=False),
    "conv_saturating": partial(conv_network, wide=8.0, activation=Activation.NONE),
    "conv_dead_channels": partial(conv_network, dead=True),
    "depthwise": depthwise_network,
    "depthwise_valid": partial(depthwise_network, same=False, activation=Activation.NONE),
    "depthwise_strided": partial(depthwise_network, stride=(3, 2), kernel=(4, 7)),
    "depthwise_multiplier_8": partial(depthwise_network, shape=(6, 6, 1), multiplier=8),
    "depthwise_multiplier_3": partial(depthwise_network, multiplier=3, activation=Activation.RELU),
    "depthwise_dilated": partial(depthwise_network, dilation=(3, 2)),
    "depthwise_per_tensor": partial(depthwise_network, per_channel=False),
    "depthwise_without_bias": partial(depthwise_network, bias=False),
    "dense": dense_network,
    "dense_per_channel": partial(dense_network, per_channel=True, activation=Activation.RELU),
    "dense_without_bias": partial(dense_network, bias=False),
    "average_pool": partial(pool_network, AveragePool2D),
    "average_pool_same": partial(pool_network, AveragePool2D, (3, 4), (1, 2), same=True),
    "average_pool_relu": partial(pool_network, AveragePool2D, (3, 3), activation=Activation.RELU),
    "max_pool": partial(pool_network, MaxPool2D),
    "max_pool_same": partial(pool_network, MaxPool2D, (3, 5), (2, 1), same=True),
    "max_pool_relu6": partial(pool_network, MaxPool2D, activation=Activation.RELU6),
    "add": add_network,
    "add_relu": partial(add_network, Activation.RELU),
    "pad": pad_network,
    "mean": mean_network,
    "mean_keep": partial(mean_network, keep=True),
    "softmax": softmax_network,
    "reshape": reshape_network,
    "requantize": requantize_network,
    "relu": partial(relu_network, Relu),
    "relu_rescaled": partial(relu_network, Relu, rescale=True),
    "relu6": partial(relu_network, Relu6),
    "transpose": partial(transpose_network, 0, 3, 1, 2),
    "transpose_rank_5": partial(transpose_network, 0, 4, 2, 1, 3),
    "shuffle": shuffle_network,
    "residual": residual_network,
    "mobilenet": mobilenet_network,
    "svdf": partial(svdf_network, wide=False),
    "svdf_int16": partial(svdf_network, wide=True),
    "lstm": lstm_network,
    "delayed": delayed_network,
    "keras_leftovers": keras_leftovers_network,
    "float_ends": partial(ends_network, DType.FLOAT32),
    "uint8_ends": partial(ends_network, DType.UINT8),
    **MOVES,
    **elementwise_networks.NETWORKS,
    **ARITHMETIC_NETWORKS,
}


def random_network(seed: int) -> Graph:
    """An int8 network of a few layers that depends on the seed alone; one int8 input, one output."""
    build = Builder(seed)
    rng = build.rng
    x = build.input(1, *(int(n) for n in rng.integers(3, 13, 2)), int(rng.integers(1, 5)))
    for _ in range(int(rng.integers(1, 7))):
        x = _random_layer(build, x)
    match int(rng.integers(0, 4)):
        case 0:
            x = build.mean(x, keep=bool(rng.integers(0, 2)))
        case 1:
            x = build.softmax(build.dense(build.reshape(x, 1, build.tensors[x].elements)))
        case 2:
            x = build.dense(build.reshape(x, 1, build.tensors[x].elements), per_channel=True)
        case _:
            pass
    return build.finish(f"random_{seed}")


def _random_layer(build: Builder, x: int) -> int:
    rng = build.rng
    activation = (Activation.NONE, Activation.RELU, Activation.RELU6)[int(rng.integers(0, 3))]
    kernel, stride, dilation = _random_window(build, x)
    same = bool(rng.integers(0, 2))
    wide = 6.0 if rng.random() < 0.15 else 1.0
    multiplier = int(rng.integers(2, 9)) if rng.random() < 0.3 and build.shape(x)[3] <= 4 else 1
    shared: dict[str, Any] = {
        "same": same,
        "dilation": dilation,
        "activation": activation,
        "per_channel": rng.random() < 0.75,
        "bias": rng.random() < 0.85,
        "dead": rng.random() < 0.2,
        "wide": wide,
    }
    match int(rng.integers(0, 8)):
        case 0 | 1:
            return build.conv(x, int(rng.integers(1, 13)), kernel, stride, **shared)
        case 2 | 3:
            return build.depthwise(x, kernel, stride, multiplier=multiplier, **shared)
        case 4:
            op = (AveragePool2D, MaxPool2D)[int(rng.integers(0, 2))]
            return build.pool(x, op, kernel, stride, same=same, activation=activation)
        case 5:
            return build.pad(x, Pads(*(int(n) for n in rng.integers(0, 3, 4))))
        case 6:
            return build.requantize(x)
        case _:
            branch = build.conv(x, build.shape(x)[3], (3, 3), activation=activation, wide=wide)
            return build.add(x, branch, activation)


def _random_window(build: Builder, x: int) -> tuple[Pair, Pair, Pair]:
    """Kernel, stride and dilation that fit the image even without padding."""
    rng, (height, width) = build.rng, build.size(x)
    kernel = int(rng.integers(1, min(7, height) + 1)), int(rng.integers(1, min(7, width) + 1))
    stride = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    if rng.random() < 0.7:
        stride = (1, 1)
    dilation = (1, 1)
    if rng.random() < 0.2 and 2 * kernel[0] - 1 <= height and 2 * kernel[1] - 1 <= width:
        dilation = (2, 2)
    return kernel, stride, dilation
