"""Writes tests/fixtures/every_layer.keras and what Keras computes with it: `python -m tests.make_keras_fixture`.

Needs the `train` extra. Every layer that is read occurs once at least; weights and statistics are random.
"""

from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

FOLDER: Final = Path(__file__).resolve().parent / "fixtures"
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


def main() -> None:
    """Write the fixture."""
    model = every_layer()
    randomize(model, 1)
    images = np.random.default_rng(2).normal(0, 2, (3, *model.input_shape[1:])).astype(np.float32)
    model.save(FOLDER / "every_layer.keras")
    np.savez_compressed(FOLDER / "every_layer.npz", images=images, scores=model.predict(images, verbose=0))


if __name__ == "__main__":
    main()
