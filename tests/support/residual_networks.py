"""Generated networks of residuals in residuals, whose branches lag behind each other by many rows."""

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation, AveragePool2D, MaxPool2D, Pads
from tests.support.network_builder import Builder, Pair

ACTIVATIONS = (Activation.NONE, Activation.RELU, Activation.RELU6)


def residual_chain(seed: int) -> Graph:
    """Residuals whose branches have kernels up to 7x7, nested to a depth of two, between strides up to 3."""
    build = Builder(seed)
    rng = build.rng
    x = build.input(1, *(int(n) for n in rng.integers(4, 18, 2)), int(rng.integers(1, 4)))
    x = build.conv(x, int(rng.integers(1, 6)), _kernel(build), _stride(build), activation=_activation(build))
    for _ in range(int(rng.integers(1, 3))):
        x = _residual(build, x, depth=2)
        if rng.random() < 0.5:
            x = _strided(build, x)
    match int(rng.integers(0, 5)):
        case 0:
            x = build.dense(build.mean(x))
        case 1:
            x = build.pool(x, AveragePool2D, build.size(x), build.size(x))
        case 2:
            x = build.softmax(build.dense(build.reshape(x, 1, build.tensors[x].elements)))
        case 3:
            x = build.mean(x, keep=True)
        case _:
            pass
    return build.finish(f"residual_{seed}")


def _residual(build: Builder, x: int, depth: int) -> int:
    left, right = (_branch(build, x, depth, int(build.rng.integers(0, 3))) for _ in range(2))
    return build.add(left, right, _activation(build))


def _branch(build: Builder, x: int, depth: int, layers: int) -> int:
    for _ in range(layers):
        x = _of_the_same_shape(build, x, depth)
    return x


def _of_the_same_shape(build: Builder, x: int, depth: int) -> int:
    channels, activation = build.shape(x)[3], _activation(build)
    match int(build.rng.integers(0, 9)):
        case 0 | 1 if depth:
            return _residual(build, x, depth - 1)
        case 2:
            return build.conv(x, channels, _kernel(build), activation=activation)
        case 3:
            return build.depthwise(x, (3, 3), dilation=(2, 3), activation=activation)
        case 4:
            before = Pads(*(int(n) for n in build.rng.integers(0, 4, 4)))
            kernel = before.top + before.bottom + 1, before.left + before.right + 1
            return build.conv(build.pad(x, before), channels, kernel, same=False, activation=activation)
        case 5:
            op = (AveragePool2D, MaxPool2D)[int(build.rng.integers(0, 2))]
            return build.pool(x, op, _kernel(build), (1, 1), same=True)
        case 6:
            wide = build.depthwise(x, _kernel(build), multiplier=2, activation=activation)
            return build.conv(wide, channels, (1, 1), activation=Activation.NONE)
        case 7:
            return build.requantize(x)
        case _:
            return build.depthwise(x, _kernel(build), activation=activation)


def _strided(build: Builder, x: int) -> int:
    match int(build.rng.integers(0, 3)):
        case 0:
            return build.depthwise(x, _kernel(build), _stride(build), multiplier=int(build.rng.integers(1, 3)))
        case 1:
            size = int(build.rng.integers(2, 4))
            return build.pool(x, AveragePool2D, (size, size), (3, 3), same=True)
        case _:
            return build.conv(x, int(build.rng.integers(1, 7)), _kernel(build), _stride(build))


def _kernel(build: Builder) -> Pair:
    height, width = (int(n) for n in build.rng.integers(1, 8, 2))
    return height, width


def _stride(build: Builder) -> Pair:
    height, width = (int(n) for n in build.rng.integers(1, 4, 2))
    return height, width


def _activation(build: Builder) -> Activation:
    return ACTIVATIONS[int(build.rng.integers(0, 3))]
