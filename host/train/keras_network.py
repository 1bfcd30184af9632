"""From an architecture to a Keras model, and from a trained model back to weights with BatchNorm folded in."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import tensorflow as tf

from depthwise.codegen.operators import Activation
from depthwise.codegen.zoo.layers import IMAGE, Layer, LayerKind, layers
from depthwise.codegen.zoo.spec import Architecture
from depthwise.codegen.zoo.weights import Floats, Weights

Keras = Any  # TensorFlow carries no types
MOMENTUM: Final = 0.9
DROPOUT: Final = 0.1  # before the classes, in training


def keras_model(architecture: Architecture, *, dropout: float = 0.0, scores: bool = True) -> Keras:
    """Image [N,H,W,C] → class scores [N,classes]; logits without `scores`. Layers are named as in the Graph."""
    image = tf.keras.Input(architecture.image, name=IMAGE)
    values: dict[str, Keras] = {IMAGE: image}
    for layer in layers(architecture):
        inputs = [values[name] for name in layer.inputs]
        if layer.name == "classes" and dropout:
            inputs = [tf.keras.layers.Dropout(dropout, name="dropout")(inputs[0])]
        values[layer.name] = _applied(layer, inputs) if scores or layer.kind is not LayerKind.SOFTMAX else inputs[0]
    return tf.keras.Model(image, values["softmax"], name=architecture.name)


def _applied(layer: Layer, inputs: list[Keras]) -> Keras:
    keras, name, stride = tf.keras.layers, layer.name, layer.stride
    x = inputs[0]
    match layer.kind:
        case LayerKind.CONV:
            x = _grouped(layer, x)
        case LayerKind.DEPTHWISE:
            x = keras.DepthwiseConv2D(layer.kernel, stride, "same", use_bias=False, name=name)(x)
        case LayerKind.DENSE:
            x = keras.Dense(layer.shape[-1], name=name)(x if len(x.shape) == 2 else keras.Flatten()(x))
        case LayerKind.ADD:
            x = keras.Add(name=name)(inputs)
        case LayerKind.POOL:
            x = keras.MaxPooling2D(layer.kernel, stride, "same", name=name)(x)
        case LayerKind.SHUFFLE:
            x = _shuffled(layer, x)
        case LayerKind.MEAN:
            x = keras.GlobalAveragePooling2D(keepdims=len(layer.shape) > 1, name=name)(x)
        case _:
            return _pointwise(layer, inputs)
    if layer.normalized:
        x = keras.BatchNormalization(momentum=MOMENTUM, name=f"{name}_norm")(x)
    return _activated(layer, x)


def _pointwise(layer: Layer, inputs: list[Keras]) -> Keras:
    """What has no weights and works element by element."""
    keras, name, x = tf.keras.layers, layer.name, inputs[0]
    match layer.kind:
        case LayerKind.SOFTMAX:
            return keras.Softmax(name=name)(x)
        case LayerKind.HARD_SWISH:
            return keras.Activation("hard_silu", name=name)(x)
        case LayerKind.RAISED:
            return keras.ReLU(6.0, name=name)(keras.Rescaling(1.0, 3.0)(x))
        case LayerKind.SIXTH:
            return keras.Rescaling(1 / 6, name=name)(x)
        case LayerKind.WEIGHED:
            return keras.Multiply(name=name)(inputs)
        case _:
            raise AssertionError(f"{name} is no layer of Keras")


def _grouped(layer: Layer, x: Keras) -> Keras:
    """One convolution for each group: TensorFlow trains no grouped ones on a CPU."""
    keras, width = tf.keras.layers, x.shape[-1] // layer.groups
    parts = []
    for group, name in enumerate(_group_names(layer)):
        read = x[..., group * width : (group + 1) * width] if layer.groups > 1 else x
        conv = keras.Conv2D(
            layer.shape[-1] // layer.groups,
            layer.kernel,
            layer.stride,
            "same",
            use_bias=not layer.normalized,
            kernel_initializer="he_normal",
            name=name,
        )
        parts.append(conv(read))
    return keras.Concatenate(name=layer.name)(parts) if layer.groups > 1 else parts[0]


def _group_names(layer: Layer) -> list[str]:
    return [f"{layer.name}_group{group}" for group in range(layer.groups)] if layer.groups > 1 else [layer.name]


def _shuffled(layer: Layer, x: Keras) -> Keras:
    height, width, channels = layer.shape
    split = tf.keras.layers.Reshape((height, width, layer.groups, channels // layer.groups))(x)
    turned = tf.keras.layers.Permute((1, 2, 4, 3))(split)
    return tf.keras.layers.Reshape(layer.shape, name=layer.name)(turned)


def _activated(layer: Layer, x: Keras) -> Keras:
    match layer.activation:
        case Activation.RELU:
            return tf.keras.layers.ReLU(name=f"{layer.name}_relu")(x)
        case Activation.RELU6:
            return tf.keras.layers.ReLU(6.0, name=f"{layer.name}_relu6")(x)
        case _:
            return x


def folded(model: Keras, architecture: Architecture) -> Mapping[str, Weights]:
    """Weights by layer in TensorFlow Lite's order, each BatchNorm folded into the layer before it."""
    return {layer.name: _folded(model, layer) for layer in layers(architecture) if _has_weights(layer)}


def _has_weights(layer: Layer) -> bool:
    return layer.kind in {LayerKind.CONV, LayerKind.DEPTHWISE, LayerKind.DENSE}


def _folded(model: Keras, layer: Layer) -> Weights:
    if layer.kind is LayerKind.DENSE:
        dense = model.get_layer(layer.name)
        return Weights(_numpy(dense.kernel).T.copy(), _numpy(dense.bias))
    if layer.kind is LayerKind.DEPTHWISE:
        kernel = np.moveaxis(_numpy(model.get_layer(layer.name).kernel), (2, 3), (3, 0))
    else:
        parts = [_numpy(model.get_layer(name).kernel) for name in _group_names(layer)]
        kernel = np.concatenate([np.moveaxis(part, 3, 0) for part in parts])
    if not layer.normalized:
        return Weights(np.ascontiguousarray(kernel), _numpy(model.get_layer(layer.name).bias))
    norm = model.get_layer(f"{layer.name}_norm")
    factor = _numpy(norm.gamma) / np.sqrt(_numpy(norm.moving_variance) + np.float32(norm.epsilon))
    along = factor if layer.kind is LayerKind.DEPTHWISE else factor[:, None, None, None]
    return Weights(np.ascontiguousarray(kernel * along), _numpy(norm.beta) - _numpy(norm.moving_mean) * factor)


def _numpy(variable: Keras) -> Floats:
    return np.asarray(variable, np.float32)


def load_weights(model: Keras, architecture: Architecture, weights: Mapping[str, Weights]) -> None:
    """Give a model the weights of a Graph; each BatchNorm then only adds the bias."""
    for layer in layers(architecture):
        if _has_weights(layer):
            _load(model, layer, weights[layer.name])


def _load(model: Keras, layer: Layer, weights: Weights) -> None:
    if layer.kind is LayerKind.DENSE:
        model.get_layer(layer.name).set_weights([weights.kernel.T, weights.bias])
        return
    if layer.kind is LayerKind.DEPTHWISE:
        model.get_layer(layer.name).set_weights([np.moveaxis(weights.kernel, (3, 0), (2, 3))])
    elif not layer.normalized:
        model.get_layer(layer.name).set_weights([np.moveaxis(weights.kernel, 0, 3), weights.bias])
    else:
        for name, part in zip(_group_names(layer), np.split(weights.kernel, layer.groups), strict=True):
            model.get_layer(name).set_weights([np.moveaxis(part, 0, 3)])
    if layer.normalized:
        norm = model.get_layer(f"{layer.name}_norm")
        nothing = np.zeros_like(weights.bias)
        spread = np.ones_like(weights.bias)
        norm.set_weights([np.sqrt(spread + np.float32(norm.epsilon)), weights.bias, nothing, spread])
