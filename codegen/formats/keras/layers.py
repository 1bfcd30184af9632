"""Every Keras layer that is read, as layers of a float graph.

Weights lie transposed in Keras: a kernel [KH,KW,I,O] here is [O,KH,KW,I], a depthwise one [KH,KW,I,m] is
[1,KH,KW,I·m], a matrix [I,O] is [O,I].
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.floats.builder import FloatBuilder
from depthwise.codegen.graph import Array
from depthwise.codegen.graph.windows import Pair, positions
from depthwise.codegen.operators import Activation, AveragePool2D, MaxPool2D, Pads, Relu, Relu6, Softmax

from .config import LayerConfig
from .weights import WeightFile

MOST_ELEMENTS: Final = 1 << 28


@dataclass(frozen=True, slots=True)
class Call:
    """A layer at work: where its weights are (a path of the weight file), and the tensors it reads."""

    layer: LayerConfig
    build: FloatBuilder
    weights: WeightFile
    path: str
    inputs: tuple[int, ...]

    @property
    def x(self) -> int:
        """The one tensor it reads."""
        if len(self.inputs) != 1:
            raise ModelError(f"{self.layer} reads {len(self.inputs)} tensors, it takes 1")
        return self.inputs[0]

    @property
    def name(self) -> str:
        """Name of the layer, which is that of the tensor it writes."""
        return self.layer.name

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the one tensor it reads."""
        return self.build.shape(self.x)

    def image(self) -> tuple[int, int, int]:
        """Height, width and channels of the image it reads."""
        if len(self.shape) != 4:
            raise ModelError(f"{self.layer} works on [1, H, W, C], its input has shape {self.shape}")
        return self.shape[1], self.shape[2], self.shape[3]

    def arrays(self, *shapes: tuple[int, ...]) -> tuple[Array, ...]:
        """Its weights."""
        return self.weights.arrays(self.path, self.name, shapes)


def apply(call: Call) -> int:
    """Add a layer to the network; the tensor it writes. Raises UnsupportedError naming what is not done."""
    made = LAYERS.get(call.layer.kind)
    if made is None:
        known = ", ".join(sorted(LAYERS))
        raise UnsupportedError(f"{call.layer} is not supported", f"replace it in the model by {known}")
    return made(call)


def _activated(call: Call, x: int) -> int:
    """What a layer's `activation` makes of its tensor."""
    activation = call.layer.settings.get("activation", "linear")
    match activation:
        case "linear" | None:
            return x
        case "relu":
            return call.build.unary(f"{call.name}/relu", x, Relu())
        case "relu6":
            return call.build.unary(f"{call.name}/relu6", x, Relu6())
        case "softmax":
            return call.build.unary(f"{call.name}/softmax", x, Softmax(1.0))
        case _:
            raise UnsupportedError(
                f"{call.layer} has activation {str(activation)[:60]!r}", "linear, relu, relu6 and softmax are supported"
            )


def _swept(call: Call, kernel: Pair, stride: Pair, dilation: Pair, pads: Pads, channels: int) -> Pads:
    height, width, _ = call.image()
    rows, columns = positions((height, width), pads, kernel, stride, dilation)
    if min(rows, columns) < 1 or rows * columns * channels > MOST_ELEMENTS:
        raise ModelError(f"{call.layer} makes {rows}x{columns}x{channels} of {height}x{width}")
    return pads


def _window(call: Call, kernel: Pair, channels: int) -> dict[str, Pair | Pads]:
    """Stride, pads and dilation of a convolution, checked."""
    height, width, _ = call.image()
    stride, dilation = call.layer.pair("strides", 1), call.layer.pair("dilation_rate", 1)
    pads = call.layer.pads((height, width), kernel, stride, dilation)
    return {"stride": stride, "dilation": dilation, "pads": _swept(call, kernel, stride, dilation, pads, channels)}


def _conv(call: Call) -> int:
    call.layer.only("groups", 1)
    kernel, filters = call.layer.pair("kernel_size"), call.layer.whole("filters")
    window = _window(call, kernel, filters)
    biased = call.layer.flag("use_bias", default=True)
    weights, *bias = call.arrays((*kernel, call.image()[2], filters), *([(filters,)] if biased else []))
    return _activated(call, call.build.conv(call.name, call.x, weights.transpose(3, 0, 1, 2), *bias, **window))  # type: ignore[arg-type]


def _depthwise(call: Call) -> int:
    kernel, multiplier = call.layer.pair("kernel_size"), call.layer.whole("depth_multiplier", 1)
    depth = call.image()[2]
    window = _window(call, kernel, depth * multiplier)
    biased = call.layer.flag("use_bias", default=True)
    shapes = (*kernel, depth, multiplier), *([(depth * multiplier,)] if biased else [])
    weights, *bias = call.arrays(*shapes)
    flat = weights.reshape(1, *kernel, depth * multiplier)
    return _activated(call, call.build.depthwise(call.name, call.x, flat, *bias, **window))  # type: ignore[arg-type]


def _separable(call: Call) -> int:
    kernel, multiplier = call.layer.pair("kernel_size"), call.layer.whole("depth_multiplier", 1)
    depth, filters = call.image()[2], call.layer.whole("filters")
    window = _window(call, kernel, max(depth * multiplier, filters))
    biased = call.layer.flag("use_bias", default=True)
    shapes = (*kernel, depth, multiplier), (1, 1, depth * multiplier, filters), *([(filters,)] if biased else [])
    first, second, *bias = call.arrays(*shapes)
    flat = first.reshape(1, *kernel, depth * multiplier)
    x = call.build.depthwise(f"{call.name}/depthwise", call.x, flat, **window)  # type: ignore[arg-type]
    return _activated(call, call.build.conv(call.name, x, second.transpose(3, 0, 1, 2), *bias))


def _dense(call: Call) -> int:
    units, depth = call.layer.whole("units"), call.shape[-1]
    biased = call.layer.flag("use_bias", default=True)
    weights, *bias = call.arrays((depth, units), *([(units,)] if biased else []))
    if len(call.shape) == 2:
        return _activated(call, call.build.dense(call.name, call.x, weights.T, *bias))
    call.image()
    return _activated(call, call.build.conv(call.name, call.x, weights.T.reshape(units, 1, 1, depth), *bias))


def _normalization(call: Call) -> int:
    axis = call.layer.settings.get("axis", -1)
    if axis not in (-1, [-1], len(call.shape) - 1, [len(call.shape) - 1]):
        raise UnsupportedError(f"{call.layer} normalizes axis {str(axis)[:20]}", "only the last axis is supported")
    channels, epsilon = call.shape[-1], call.layer.real("epsilon", 1e-3)
    scaled, centred = call.layer.flag("scale", default=True), call.layer.flag("center", default=True)
    found = list(call.arrays(*[(channels,)] * (2 + scaled + centred)))
    gamma = found.pop(0).astype(np.float64) if scaled else np.ones(channels)
    beta = found.pop(0).astype(np.float64) if centred else np.zeros(channels)
    mean, variance = (a.astype(np.float64) for a in found)
    if not (variance + epsilon > 0).all():
        raise ModelError(f"{call.layer} has a variance of {variance.min():.3g}, it must be positive")
    factors = gamma / np.sqrt(variance + epsilon)
    return call.build.scale(call.name, call.x, factors, beta - mean * factors)


def _relu(call: Call) -> int:
    call.layer.only("negative_slope", 0.0, 0)
    call.layer.only("threshold", 0.0, 0)
    call.layer.only("max_value", None, 6.0, 6)
    op = Relu() if call.layer.settings.get("max_value") is None else Relu6()
    return call.build.unary(call.name, call.x, op)


def _softmax(call: Call) -> int:
    call.layer.only("axis", -1, len(call.shape) - 1)
    return call.build.unary(call.name, call.x, Softmax(1.0))


def _add(call: Call) -> int:
    if len(call.inputs) < 2 or len({call.build.shape(i) for i in call.inputs}) != 1:
        shapes = [call.build.shape(i) for i in call.inputs][:4]
        raise UnsupportedError(f"{call.layer} adds shapes {shapes}", "they must be equal")
    x, *others = call.inputs
    for y in others:
        x = call.build.add(call.name, x, y)
    return x


def _zero_padding(call: Call) -> int:
    call.layer.only("data_format", "channels_last", None)
    given = call.layer.settings.get("padding", 1)
    amounts = [[given, given]] * 2 if isinstance(given, int) else given
    if isinstance(amounts, list) and len(amounts) == 2:
        amounts = [[a, a] if isinstance(a, int) else a for a in amounts]
    flat = [n for pair in amounts for n in pair] if _is_pairs(amounts) else []
    if len(flat) != 4 or not all(type(n) is int and 0 <= n <= 4096 for n in flat):
        raise ModelError(f"{call.layer} has padding {str(given)[:40]}, it must be two pairs of whole numbers")
    pads = Pads(*flat)
    return call.build.pad(call.name, call.x, _swept(call, (1, 1), (1, 1), (1, 1), pads, call.image()[2]))


def _is_pairs(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, list) and len(v) == 2 for v in value)


def _pool(call: Call, op: type[AveragePool2D] | type[MaxPool2D]) -> int:
    kernel = call.layer.pair("pool_size", 2)
    stride = call.layer.pair("strides") if call.layer.settings.get("strides") is not None else kernel
    height, width, channels = call.image()
    pads = call.layer.pads((height, width), kernel, stride)
    _swept(call, kernel, stride, (1, 1), pads, channels)
    return call.build.pool(call.name, call.x, op(kernel, stride, pads, Activation.NONE))


def _global_pool(call: Call) -> int:
    call.layer.only("data_format", "channels_last", None)
    call.image()
    return call.build.mean(call.name, call.x, keep=call.layer.flag("keepdims", default=False))


def _flatten(call: Call) -> int:
    return call.build.reshape(call.name, call.x, 1, int(np.prod(call.shape)))


def _reshape(call: Call) -> int:
    wanted, total = call.layer.settings.get("target_shape"), int(np.prod(call.shape))
    if not isinstance(wanted, list) or not all(type(n) is int and (n == -1 or 0 < n <= total) for n in wanted):
        raise ModelError(f"{call.layer} has target_shape {str(wanted)[:60]}")
    known = int(np.prod([n for n in wanted if n != -1], dtype=np.float64))
    if wanted.count(-1) > 1 or total % known or (-1 not in wanted and known != total):
        raise ModelError(f"{call.layer} makes {wanted[:8]} of {total} elements")
    return call.build.reshape(call.name, call.x, 1, *(total // known if n == -1 else n for n in wanted))


def _rescaling(call: Call) -> int:
    channels = call.shape[-1]
    values = [_per_channel(call, key, channels) for key in ("scale", "offset")]
    return call.build.scale(call.name, call.x, *values)


def _per_channel(call: Call, key: str, channels: int) -> Array:
    given = call.layer.settings.get(key, 0.0)
    listed: Sequence[object] = given if isinstance(given, list) else [given]
    if len(listed) not in (1, channels) or not all(type(v) in (int, float) for v in listed):
        raise ModelError(f"{call.layer} has {key} {str(given)[:40]}, it must be 1 or {channels} numbers")
    return np.broadcast_to(np.array(listed, np.float64), (channels,))


LAYERS: Final[dict[str, Callable[[Call], int]]] = {
    "Activation": lambda call: _activated(call, call.x),
    "Add": _add,
    "AveragePooling2D": lambda call: _pool(call, AveragePool2D),
    "BatchNormalization": _normalization,
    "Conv2D": _conv,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise,
    "Dropout": lambda call: call.x,
    "Flatten": _flatten,
    "GlobalAveragePooling2D": _global_pool,
    "MaxPooling2D": lambda call: _pool(call, MaxPool2D),
    "ReLU": _relu,
    "Reshape": _reshape,
    "Rescaling": _rescaling,
    "SeparableConv2D": _separable,
    "Softmax": _softmax,
    "ZeroPadding2D": _zero_padding,
}
