"""Variations of pictures, by layers of Keras, as their classes allow: no mirror image of an arrow."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import tensorflow as tf

from .symmetries import Symmetries
from .training_data import Floats

Keras = Any  # TensorFlow carries no types
TURN: Final = 0.04  # of a whole turn, either way
SHIFT: Final = 0.1  # of the side
ZOOM: Final = 0.15
LIGHT: Final = 0.2  # of all that there is
CONTRAST: Final = 0.25
NOISE: Final = 0.02
MODES: Final = {(True, True): "horizontal_and_vertical", (True, False): "horizontal", (False, True): "vertical"}


def varied(images: Floats, allowed: Symmetries) -> Callable[[np.random.Generator], Floats]:
    """Draws all pictures [N,H,W,C], values 0…1, anew, as a generator says."""

    def draw(rng: np.random.Generator) -> Floats:
        x = tf.constant(_quarters(images, rng) if allowed.turned else images)
        for layer in _layers(allowed, rng):
            x = layer(x, training=True)
        return np.clip(np.asarray(x, np.float32), 0, 1)

    return draw


def _layers(allowed: Symmetries, rng: np.random.Generator) -> list[Keras]:
    """Layers, each with a seed of its own: seeding all of TensorFlow would have it compile everything again."""
    keras, flips = tf.keras.layers, MODES.get((allowed.mirrored, allowed.upside_down))
    seeds = iter(rng.integers(2**31, size=7).tolist())
    return [
        *([] if flips is None else [keras.RandomFlip(flips, seed=next(seeds))]),
        keras.RandomTranslation(SHIFT, SHIFT, fill_mode="nearest", seed=next(seeds)),
        keras.RandomRotation(TURN, fill_mode="nearest", seed=next(seeds)),
        keras.RandomZoom((-ZOOM, ZOOM), fill_mode="nearest", seed=next(seeds)),
        keras.RandomBrightness(LIGHT, value_range=(0.0, 1.0), seed=next(seeds)),
        keras.RandomContrast(CONTRAST, value_range=(0.0, 1.0), seed=next(seeds)),
        keras.GaussianNoise(NOISE, seed=next(seeds)),
    ]


def _quarters(images: Floats, rng: np.random.Generator) -> Floats:
    turns = rng.integers(0, 4, len(images))
    return np.stack([np.rot90(image, int(turn)) for image, turn in zip(images, turns, strict=True)])
