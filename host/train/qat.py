"""Quantization-aware training: the folded network goes on training while it computes as int8 will round it.

Weights are rounded per channel as the int8 specification has them (symmetric, −127…127), every activation within a
moving least and greatest value; gradients pass the rounding as if it were not there (straight-through, Jacob and
others, 2018). What is learnt is real weights and the span of each tensor: the quantizer builds the int8 graph of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import tensorflow as tf

from depthwise.codegen.operators import Activation
from depthwise.codegen.zoo.layers import IMAGE, Layer, LayerKind, layers
from depthwise.codegen.zoo.spec import Architecture
from depthwise.codegen.zoo.weights import Floats, Weights

Keras = Any  # TensorFlow carries no types
MOMENTUM: Final = 0.99
LARGEST: Final = 127.0
LEVELS: Final = 255.0
LEAST_SPAN: Final = 1e-6
# What keeps the quantization of its input, or has one that is fixed.
KEEPS: Final = frozenset({LayerKind.POOL, LayerKind.SHUFFLE, LayerKind.SOFTMAX})


@dataclass(frozen=True, slots=True, eq=False)
class Aware:
    """A network in training: variables by layer (kernel HWIO or [I,O], bias), least and greatest value by tensor."""

    architecture: Architecture
    weights: Mapping[str, tuple[Keras, Keras]]
    spans: Mapping[str, tuple[Keras, Keras]]

    @property
    def variables(self) -> list[Keras]:
        """What gradients change."""
        return [variable for pair in self.weights.values() for variable in pair]

    def forward(self, images: Keras, training: bool) -> Keras:
        """Logits [N, classes] of pictures, computed with all rounding."""
        return _forward(self, images, observing=training, rounding=True)

    def plain(self, images: Keras, training: bool) -> Keras:  # noqa: ARG002 - the same either way
        """Logits [N, classes] of pictures, computed in floats."""
        return _forward(self, images, observing=False, rounding=False)

    def learnt(self) -> Mapping[str, Weights]:
        """Real weights by layer in TensorFlow Lite's order."""
        kinds = {layer.name: layer.kind for layer in layers(self.architecture)}
        return {name: _as_weights(kinds[name], *pair) for name, pair in self.weights.items()}

    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """Least and greatest value by tensor name."""
        return {name: (float(low), float(high)) for name, (low, high) in self.spans.items()}


def aware(architecture: Architecture, weights: Mapping[str, Weights], images: Floats) -> Aware:
    """Start from trained, folded weights, and spans that hold what `images` bring about."""
    made = {layer.name: layer for layer in layers(architecture)}
    variables = {name: _as_variables(made[name].kind, w) for name, w in weights.items()}
    names = [IMAGE, *(layer.name for layer in made.values() if layer.kind not in KEEPS)]
    spans = {name: (_fixed(0.0), _fixed(1.0 if name == IMAGE else 0.0)) for name in names}
    network = Aware(architecture, variables, spans)
    _forward(network, tf.constant(images), observing=True, rounding=False)
    return network


def _fixed(value: float) -> Keras:
    return tf.Variable(value, trainable=False, dtype=tf.float32)


def _as_variables(kind: LayerKind, weights: Weights) -> tuple[Keras, Keras]:
    match kind:
        case LayerKind.CONV:
            kernel = np.moveaxis(weights.kernel, 0, 3)
        case LayerKind.DEPTHWISE:
            kernel = np.moveaxis(weights.kernel, (3, 0), (2, 3))
        case _:
            kernel = weights.kernel.T
    return tf.Variable(kernel), tf.Variable(weights.bias)


def _as_weights(kind: LayerKind, kernel: Keras, bias: Keras) -> Weights:
    values = np.asarray(kernel)
    match kind:
        case LayerKind.CONV:
            values = np.moveaxis(values, 3, 0)
        case LayerKind.DEPTHWISE:
            values = np.moveaxis(values, (2, 3), (3, 0))
        case _:
            values = values.T
    return Weights(np.ascontiguousarray(values), np.asarray(bias))


def _forward(network: Aware, images: Keras, *, observing: bool, rounding: bool) -> Keras:
    values = {IMAGE: _passed(network, IMAGE, images, observing=observing, rounding=rounding)}
    for layer in layers(network.architecture):
        inputs = [values[name] for name in layer.inputs]
        if layer.kind is LayerKind.SOFTMAX:
            return inputs[0]
        made = _activated(layer, _computed(network, layer, inputs, rounding=rounding))
        values[layer.name] = _passed(network, layer.name, made, observing=observing, rounding=rounding)
    raise AssertionError("an architecture ends in a softmax")


def _passed(network: Aware, name: str, x: Keras, *, observing: bool, rounding: bool) -> Keras:
    """A tensor's values, its span widened or narrowed by them (but for the picture: 0 to 1), rounded to its levels."""
    if name not in network.spans:
        return x
    low, high = network.spans[name]
    if observing and name != IMAGE:
        share = 1 - MOMENTUM if rounding else 1.0
        low.assign_add(share * (tf.minimum(tf.reduce_min(x), 0.0) - low))
        high.assign_add(share * (tf.maximum(tf.reduce_max(x), 0.0) - high))
    return rounded(x, low, high) if rounding else x


def rounded(x: Keras, low: Keras, high: Keras) -> Keras:
    """Values at the 256 levels that an int8 tensor of a span has, zero among them; gradients end at its ends."""
    step = tf.maximum((high - low) / LEVELS, LEAST_SPAN)
    zero = tf.round(-128.0 - low / step)
    least, most = (-128.0 - zero) * step, (127.0 - zero) * step
    inside = tf.clip_by_value(x, least, most)
    return inside + tf.stop_gradient(tf.round(inside / step) * step - inside)


def rounded_kernel(kernel: Keras, axes: tuple[int, ...]) -> Keras:
    """Weights at the 255 levels of their channel; `axes` are all but the channel's."""
    step = tf.maximum(tf.reduce_max(tf.abs(kernel), axis=axes, keepdims=True) / LARGEST, LEAST_SPAN / LARGEST)
    return kernel + tf.stop_gradient(tf.round(kernel / step) * step - kernel)


def _computed(network: Aware, layer: Layer, inputs: list[Keras], *, rounding: bool) -> Keras:
    x = inputs[0]
    if layer.name in network.weights:
        kernel, bias = network.weights[layer.name]
        across = (0, 1, 3) if layer.kind is LayerKind.DEPTHWISE else tuple(range(len(kernel.shape) - 1))
        return _product(layer, x, rounded_kernel(kernel, across) if rounding else kernel) + bias
    match layer.kind:
        case LayerKind.ADD:
            return x + inputs[1]
        case LayerKind.POOL:
            return tf.nn.max_pool2d(x, layer.kernel, layer.stride, "SAME")
        case LayerKind.MEAN:
            return tf.reduce_mean(x, axis=(1, 2), keepdims=len(layer.shape) > 1)
        case LayerKind.HARD_SWISH:
            return x * tf.nn.relu6(x + 3) / 6
        case LayerKind.RAISED:
            return tf.nn.relu6(x + 3)
        case LayerKind.SIXTH:
            return x / 6
        case LayerKind.WEIGHED:
            return x * inputs[1]
        case LayerKind.SHUFFLE:
            height, width, channels = layer.shape
            split = tf.reshape(x, (-1, height, width, layer.groups, channels // layer.groups))
            return tf.reshape(tf.transpose(split, (0, 1, 2, 4, 3)), (-1, *layer.shape))
        case _:
            raise AssertionError(f"{layer.name} has no weights")


def _product(layer: Layer, x: Keras, kernel: Keras) -> Keras:
    match layer.kind:
        case LayerKind.DENSE:
            return tf.matmul(tf.reshape(x, (-1, kernel.shape[0])), kernel)
        case LayerKind.DEPTHWISE:
            return tf.nn.depthwise_conv2d(x, kernel, (1, *layer.stride, 1), "SAME")
        case _:
            images = tf.split(x, layer.groups, axis=-1)
            kernels = tf.split(kernel, layer.groups, axis=-1)
            pairs = zip(images, kernels, strict=True)
            return tf.concat([tf.nn.conv2d(i, k, layer.stride, "SAME") for i, k in pairs], axis=-1)


def _activated(layer: Layer, x: Keras) -> Keras:
    match layer.activation:
        case Activation.RELU:
            return tf.nn.relu(x)
        case Activation.RELU6:
            return tf.nn.relu6(x)
        case _:
            return x
