"""Layers with weights. Keras lays them out transposed.

A kernel [KH,KW,I,O] here is [O,KH,KW,I], a depthwise one [KH,KW,I,m] is [1,KH,KW,I·m], a transposed one [KH,KW,O,I] is
[O,KH,KW,I], a matrix [I,O] is [O,I]. Kernels of sequences are [K, 1, …].
"""

from dataclasses import replace
from typing import Any

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array
from depthwise.codegen.graph.windows import Pair, Window, same_pads
from depthwise.codegen.operators import Activation, FullyConnected, Pads, TransposeConv

from .activations import activated
from .call import SMALLER, Call, sequence_of


def _options(window: Window) -> dict[str, Any]:
    """A window, but for its kernel, as the builder takes it."""
    return {"stride": window.stride, "dilation": window.dilation, "pads": window.pads}


def _window(call: Call, channels: int) -> tuple[Call, Window]:
    """The window of a convolution, checked; a causal one is padded before."""
    kernel, stride, dilation = (call.layer.sizes(key, one) for key, one in KEYS)
    if call.layer.settings.get("padding") == "causal" and call.layer.rank == 1:
        before = Pads((kernel[0] - 1) * dilation[0], 0, 0, 0)
        call = replace(call, inputs=(call.build.pad(f"{call.name}/causal", call.x, before),))
        pads = Pads()
    else:
        pads = call.layer.pads(call.image()[:2], kernel, stride, dilation)
    return call, Window(kernel, stride, dilation, call.swept(kernel, stride, dilation, pads, channels))


KEYS = (("kernel_size", None), ("strides", 1), ("dilation_rate", 1))


def _biased(call: Call, channels: int) -> list[tuple[int, ...]]:
    return [(channels,)] if call.layer.flag("use_bias", default=True) else []


def _ended(call: Call, x: int) -> int:
    """Give a sequence back where one was read, and activate it."""
    ended = sequence_of(call.build, call.name, x) if call.layer.rank == 1 else x
    return activated(call, ended)


def _entered(call: Call) -> Call:
    return call.on_image() if call.layer.rank == 1 else call


def _kernel(call: Call, kernel: Pair) -> tuple[int, ...]:
    """Axes of the window in Keras' array."""
    return kernel[: call.layer.rank]


def conv(call: Call) -> int:
    """Conv1D, Conv2D, in groups or not."""
    on, filters = _entered(call), call.layer.whole("filters")
    groups, depth = call.layer.whole("groups", 1), on.image()[2]
    if depth % groups or filters % groups:
        raise ModelError(f"{call.layer} has {groups} groups of {depth} channels and {filters} filters")
    on, window = _window(on, filters)
    weights, *bias = call.arrays((*_kernel(call, window.kernel), depth // groups, filters), *_biased(call, filters))
    full = weights.reshape(*window.kernel, depth // groups, filters).transpose(3, 0, 1, 2)
    return _ended(call, call.build.conv(call.name, on.x, full, *bias, **_options(window)))


def depthwise(call: Call) -> int:
    """DepthwiseConv1D, DepthwiseConv2D."""
    on, multiplier = _entered(call), call.layer.whole("depth_multiplier", 1)
    depth = on.image()[2]
    on, window = _window(on, depth * multiplier)
    shape = *_kernel(call, window.kernel), depth, multiplier
    weights, *bias = call.arrays(shape, *_biased(call, depth * multiplier))
    flat = weights.reshape(1, *window.kernel, depth * multiplier)
    return _ended(call, call.build.depthwise(call.name, on.x, flat, *bias, **_options(window)))


def separable(call: Call) -> int:
    """SeparableConv1D, SeparableConv2D."""
    on, multiplier = _entered(call), call.layer.whole("depth_multiplier", 1)
    depth, filters = on.image()[2], call.layer.whole("filters")
    on, window = _window(on, max(depth * multiplier, filters))
    one = (1,) * call.layer.rank
    shapes = (*_kernel(call, window.kernel), depth, multiplier), (*one, depth * multiplier, filters)
    first, second, *bias = call.arrays(*shapes, *_biased(call, filters))
    flat = first.reshape(1, *window.kernel, depth * multiplier)
    x = call.build.depthwise(f"{call.name}/depthwise", on.x, flat, **_options(window))
    pointwise = second.reshape(1, 1, depth * multiplier, filters).transpose(3, 0, 1, 2)
    return _ended(call, call.build.conv(call.name, x, pointwise, *bias))


def transposed(call: Call) -> int:
    """Conv1DTranspose, Conv2DTranspose."""
    call.layer.only("output_padding", None)
    call.layer.only("padding", "valid", "same")
    call.layer.only("data_format", "channels_last", None)
    on, filters = _entered(call), call.layer.whole("filters")
    (kernel, stride, dilation), (height, width, depth) = (call.layer.sizes(k, n) for k, n in KEYS), on.image()
    if dilation != (1, 1):
        raise UnsupportedError(f"{call.layer} has dilation_rate {dilation}", "only 1 is done: dilate a Conv2D instead")
    same = call.layer.settings.get("padding") == "same"
    more = [0, 0] if same else [max(k - s, 0) for k, s in zip(kernel, stride, strict=True)]
    size = height * stride[0] + more[0], width * stride[1] + more[1]
    if size[0] * size[1] * filters > 1 << 28:
        raise ModelError(f"{call.layer} makes {size[0]}x{size[1]}x{filters} of {height}x{width}", SMALLER)
    weights, *bias = call.arrays((*_kernel(call, kernel), filters, depth), *_biased(call, filters))
    full = weights.reshape(*kernel, filters, depth).transpose(2, 0, 1, 3)
    op = TransposeConv(stride, same_pads(size, kernel, stride) if same else Pads(), Activation.NONE)
    return _ended(call, _spread(call, on.x, op, full, bias[0] if bias else np.zeros(filters), size))


def _spread(call: Call, x: int, op: TransposeConv, weights: Array, bias: Array, size: Pair) -> int:
    shape = 1, *size, len(weights)
    named = (("weights", weights), ("bias", bias), ("shape", np.array(shape, np.int32)))
    constants = (call.build.constant(f"{call.name}/{key}", values) for key, values in named)
    return call.build.node(call.name, op, (x, *constants), shape)


def dense(call: Call) -> int:
    """Dense, along the last axis of any tensor: a 1x1 convolution of an image."""
    units, depth = call.layer.whole("units"), call.shape[-1]
    weights, *bias = call.arrays((depth, units), *_biased(call, units))
    build, x = call.build, call.x
    match len(call.shape):
        case 2:
            return activated(call, build.dense(call.name, x, weights.T, *bias))
        case 3 | 4:
            image = call.on_image().x if len(call.shape) == 3 else x
            made = build.conv(call.name, image, weights.T.reshape(units, 1, 1, depth), *bias)
            return activated(call, made if len(call.shape) == 4 else sequence_of(build, call.name, made))
        case _:
            named = (("weights", weights.T), *([("bias", bias[0])] if bias else []))
            constants = (build.constant(f"{call.name}/{key}", values) for key, values in named)
            shape = (*call.shape[:-1], units)
            return activated(call, build.node(call.name, FullyConnected(Activation.NONE), (x, *constants), shape))
