"""Writes tests/support/fixtures/every_layer.keras and float16.tflite, and what Keras computes with them.

`python -m tests.support.make_keras_fixture`; needs the `train` extra. In the first, every layer that is read occurs
once at least; the second is a small residual network as TensorFlow Lite converts it with float16 weights, with an ADD
of shapes [1, 1, 1, C] and [C], which its converter makes of images of one pixel. Weights and statistics are random.
"""

from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from tests.support.places import FIXTURES

FOLDER: Final = FIXTURES
layers = keras.layers


def every_layer() -> Any:
    """A network of all layers, a model inside it, a layer called twice, a residual."""
    image = keras.Input((17, 16, 3), name="image")
    x = layers.Rescaling(1 / 4, offset=0.5, name="rescaling")(image)
    x = layers.ZeroPadding2D(((1, 1), (0, 1)), name="padding")(x)
    x = layers.Conv2D(6, 3, strides=2, use_bias=False, name="stem")(x)
    x = layers.ReLU(6.0, name="stem_relu6")(layers.BatchNormalization(name="stem_norm")(x))
    inner = keras.Sequential(
        [
            layers.Input((9, 8, 6)),
            layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="relu", name="depthwise"),
            layers.BatchNormalization(scale=False, name="inner_norm"),
            layers.SeparableConv2D(6, (5, 3), padding="same", name="separable"),
        ],
        name="inner",
    )
    x = layers.Add(name="residual")([x, inner(x)])
    x = layers.BatchNormalization(center=False, name="behind_add")(x)
    twice = layers.Conv2D(6, 2, padding="same", dilation_rate=2, name="twice")
    x = layers.Activation("relu6", name="relu6")(twice(layers.Activation("relu", name="relu")(twice(x))))
    x = layers.MaxPooling2D(3, 2, padding="same", name="max")(x)
    x = layers.AveragePooling2D(2, 1, padding="same", name="average")(x)
    y = layers.Dense(5, name="pixels")(x)
    y = layers.Flatten(name="flatten")(layers.Reshape((-1, 4, 5), name="reshape")(y))
    z = layers.Reshape((6,), name="vector")(layers.GlobalAveragePooling2D(keepdims=True, name="kept")(x))
    z = z + layers.GlobalAveragePooling2D(name="mean")(x)
    y = layers.Dropout(0.2, name="dropout")(layers.Dense(6, activation="relu", name="dense")(y))
    scores = layers.Softmax(name="softmax")(layers.Dense(4, activation="linear", name="logits")(y + z))
    return keras.Model(image, scores, name="every_layer")


def randomize(model: Any, seed: int) -> None:
    """Give every variable random values, statistics of normalizations positive ones."""
    rng = np.random.default_rng(seed)
    for variable in model.variables:
        if "seed" in variable.path:
            continue
        shape = variable.shape
        if "variance" in variable.path or "gamma" in variable.path:
            variable.assign(rng.uniform(0.5, 2, shape))
        else:
            variable.assign(rng.normal(0, max(int(np.prod(shape[:-1])), 1) ** -0.5, shape))


def residual() -> Any:
    """Two convolutions down to one pixel, and a third added to the second."""
    image = keras.Input((4, 4, 3), name="image")
    x = layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="first")(image)
    x = layers.Conv2D(5, 2, name="second")(x)
    y = layers.Conv2D(5, 1, activation="relu6", name="third")(x)
    return keras.Model(image, layers.Conv2D(4, 1, name="last")(layers.Add(name="add")([x, y])), name="residual")


def in_halves(model: Any) -> bytes:
    """The model as TensorFlow Lite with float16 weights."""
    one = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)
    concrete = tf.function(lambda x: model(x, training=False)).get_concrete_function(one)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]
    return bytes(converter.convert())


def write(name: str, model: Any) -> None:
    """Write inputs and what Keras computes of them."""
    images = np.random.default_rng(2).normal(0, 2, (3, *model.input_shape[1:])).astype(np.float32)
    np.savez_compressed(FOLDER / f"{name}.npz", images=images, scores=model.predict(images, verbose=0))


def main() -> None:
    """Write the fixtures."""
    for name, model in (("every_layer", every_layer()), ("float16", residual())):
        randomize(model, 1)
        if name == "float16":
            (FOLDER / f"{name}.tflite").write_bytes(in_halves(model))
        else:
            model.save(FOLDER / f"{name}.keras")
        write(name, model)


if __name__ == "__main__":
    main()
