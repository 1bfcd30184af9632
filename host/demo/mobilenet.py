"""The digits network in Keras: a MobileNet small enough to watch, its training and its int8 conversion."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from .digit_pictures import SIDE, Floats, Scans, enlarge, vary

DIGITS: Final = 10
BATCH: Final = 32
LEARNING_RATE: Final = 4e-3
LABEL_SMOOTHING: Final = 0.05
STEM: Final = 8
# (name, channels, stride, residual): one depthwise and one pointwise convolution each.
BLOCKS: Final = (
    ("block1", 16, 1, False),
    ("block2", 32, 2, False),
    ("block3", 32, 1, True),
    ("block4", 48, 2, False),
    ("block5", 64, 1, False),
)

Keras = Any  # TensorFlow carries no types


def build() -> Keras:
    """MobileNet v1 [1,32,32,1] → [1,10]: strided convolution, five separable blocks, mean, dense, softmax."""
    layers = tf.keras.layers
    image = tf.keras.Input((SIDE, SIDE, 1), name="image")
    x = layers.Conv2D(STEM, 3, strides=2, padding="same", use_bias=False, name="stem")(image)
    x = _activate(_normalize(x, "stem"), "stem")
    for name, channels, stride, residual in BLOCKS:
        x = _block(x, name, channels, stride, residual=residual)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    x = layers.Dropout(0.1, name="dropout")(x)
    x = layers.Dense(DIGITS, name="dense")(x)
    return tf.keras.Model(image, layers.Softmax(name="softmax")(x), name="digits")


def _block(x: Keras, name: str, channels: int, stride: int, *, residual: bool) -> Keras:
    layers = tf.keras.layers
    y = layers.DepthwiseConv2D(3, stride, "same", use_bias=False, name=f"{name}_depthwise")(x)
    y = _activate(_normalize(y, f"{name}_depthwise"), f"{name}_depthwise")
    y = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_pointwise")(y)
    y = _normalize(y, f"{name}_pointwise")
    if residual:
        y = layers.Add(name=f"{name}_add")([x, y])
    return _activate(y, name)


def _normalize(x: Keras, name: str) -> Keras:
    return tf.keras.layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)


def _activate(x: Keras, name: str) -> Keras:
    return tf.keras.layers.ReLU(6.0, name=f"{name}_relu6")(x)


def train(model: Keras, scans: Scans, epochs: int, seed: int) -> Iterator[float]:
    """Train `model` in place on pictures drawn anew every epoch; gives the loss of each."""
    steps = -(-len(scans.labels) // BATCH) * epochs
    rate = tf.keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    model.compile(
        tf.keras.optimizers.AdamW(rate, weight_decay=1e-3),
        tf.keras.losses.CategoricalCrossentropy(label_smoothing=LABEL_SMOOTHING),
    )
    rng = np.random.default_rng(seed)
    wanted = np.eye(DIGITS, dtype=np.float32)[scans.labels]
    for _ in range(epochs):
        history = model.fit(vary(scans.ink, rng), wanted, batch_size=BATCH, verbose=0)
        yield float(history.history["loss"][0])


def convert(model: Keras, scans: Scans) -> bytes:
    """The model as TensorFlow Lite, int8 throughout, ranges measured on the plain training pictures."""

    def representative() -> Iterator[list[Floats]]:
        for picture in enlarge(scans.ink):
            yield [picture[None]]

    function = tf.function(lambda image: model(image, training=False))
    one = tf.TensorSpec((1, SIDE, SIDE, 1), tf.float32, "image")
    frozen = convert_variables_to_constants_v2(function.get_concrete_function(one))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def parameters(model: Keras) -> int:
    """Weights and biases of the converted network, where normalization is folded into the convolutions."""
    return sum(int(np.prod(layer.kernel.shape)) + int(layer.output.shape[-1]) for layer in _weighted(model))


def macs(model: Keras) -> int:
    """Multiply-accumulates of one inference, taps in the padding counted."""
    return sum(
        int(np.prod(layer.kernel.shape)) * int(np.prod(layer.output.shape[1:-1], dtype=int))
        for layer in _weighted(model)
    )


def _weighted(model: Keras) -> list[Keras]:
    return [layer for layer in model.layers if hasattr(layer, "kernel")]
