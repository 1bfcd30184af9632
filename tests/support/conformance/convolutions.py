"""Random CONV_2D, DEPTHWISE_CONV_2D and pools: shapes, kernels, strides, dilations, padding, scales, activations."""

from typing import Final

from depthwise.codegen.operators import Activation, AveragePool2D, MaxPool2D
from tests.support.conformance.case import Case
from tests.support.network_builder import Builder, Pair

ACTIVATIONS: Final = (Activation.NONE, Activation.RELU, Activation.RELU6, Activation.RELU_N1_TO_1)
SPREADS: Final = (1.0, 1.0, 1.0, 0.2, 4.0, 5e3, 1e6, 1e-4)


def _image(b: Builder, channels: int = 9) -> int:
    return b.input(1, *(int(n) for n in b.rng.integers(1, 14, 2)), int(b.rng.integers(1, channels + 1)))


def _pair(b: Builder, most: Pair) -> Pair:
    return int(b.rng.integers(1, most[0] + 1)), int(b.rng.integers(1, most[1] + 1))


def _window(b: Builder, x: int) -> tuple[Pair, Pair, Pair, bool]:
    """Kernel, stride and dilation that fit into an image, and whether it is padded."""
    same = bool(b.rng.integers(2))
    size = b.size(x)
    kernel = _pair(b, (min(5, size[0]), min(5, size[1])))
    stride = _pair(b, (3, 3))
    most = [(n - 1) // max(k - 1, 1) for n, k in zip(size, kernel, strict=True)]
    dilation = _pair(b, (max(1, min(3, most[0])), max(1, min(3, most[1]))))
    return kernel, stride, dilation, same


def _conv(b: Builder) -> int:
    x = _image(b)
    kernel, stride, dilation, same = _window(b, x)
    return b.conv(
        x,
        int(b.rng.integers(1, 10)),
        kernel,
        stride,
        same=same,
        dilation=dilation if stride == (1, 1) else (1, 1),
        activation=ACTIVATIONS[b.rng.integers(4)],
        per_channel=bool(b.rng.integers(4)),
        bias=bool(b.rng.integers(4)),
        dead=not b.rng.integers(6),
        wide=SPREADS[b.rng.integers(len(SPREADS))],
    )


def _depthwise(b: Builder) -> int:
    x = _image(b, 6)
    kernel, stride, dilation, same = _window(b, x)
    stride = (stride[0], stride[0])
    return b.depthwise(
        x,
        kernel,
        stride,
        multiplier=int(b.rng.choice([1, 1, 1, 2, 3, 8])),
        same=same,
        dilation=dilation if stride == (1, 1) else (1, 1),
        activation=ACTIVATIONS[b.rng.integers(4)],
        per_channel=bool(b.rng.integers(4)),
        bias=bool(b.rng.integers(4)),
        dead=not b.rng.integers(6),
        wide=SPREADS[b.rng.integers(len(SPREADS))],
    )


def _pool(op: type[AveragePool2D] | type[MaxPool2D]) -> Case:
    def draw(b: Builder) -> int:
        x = _image(b)
        kernel, stride, _, same = _window(b, x)
        return b.pool(x, op, kernel, stride, same=same, activation=ACTIVATIONS[b.rng.integers(4)])

    return Case(draw)


CASES: Final = {
    "CONV_2D": Case(_conv),
    "DEPTHWISE_CONV_2D": Case(_depthwise),
    "AVERAGE_POOL_2D": _pool(AveragePool2D),
    "MAX_POOL_2D": _pool(MaxPool2D),
}
