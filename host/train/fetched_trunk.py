"""Trunks of keras.applications: Keras fetches their weights, once, where the machine has network."""

import sys
import warnings
from contextlib import redirect_stdout
from typing import Any, Final

import numpy as np
import tensorflow as tf

from depthwise.codegen.errors import ToolError

from .pretrained import Pretrained, TrunkLayer, layers_of
from .published_trunks import PublishedTrunk

COLOURS: Final = 3


def fetched(trunk: PublishedTrunk, alpha: float, side: int) -> Pretrained:
    """The weights, for pictures of values 0…1. Raises ToolError where Keras cannot fetch them."""
    build = getattr(tf.keras.applications, trunk.name)
    try:
        with redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # other sides than it was trained at do as well
            model = build(input_shape=(side, side, COLOURS), alpha=alpha, weights="imagenet", include_top=False)
    except Exception as error:  # Keras raises nothing more precise
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ToolError(
            f"cannot fetch the weights of {trunk.name}: {text}",
            "connect to the network once, or put that file into the folder models of KERAS_HOME (~/.keras), "
            "or train without --weights",
        ) from None
    stem, norm, *others = layers_of(model)
    return Pretrained(f"keras:{trunk.name}", (*_for_plain_pixels(stem, norm), *others))


def _for_plain_pixels(stem: TrunkLayer, norm: TrunkLayer) -> tuple[TrunkLayer, TrunkLayer]:
    """The first convolution and its normalization, trained on pixels −1…1, for the same pixels x as 0…1.

    W(2x − 1) = 2Wx − ΣW, and what is taken off every sum the mean of the normalization takes off. Beyond the border is
    black instead of grey then, which training on mends.
    """
    (kernel,), (gamma, beta, mean, variance) = stem.weights, norm.weights
    moved = (mean + kernel.sum(axis=(0, 1, 2))).astype(np.float32)
    doubled: Any = (2 * kernel).astype(np.float32)
    return TrunkLayer(stem.kind, (doubled,)), TrunkLayer(norm.kind, (gamma, beta, moved, variance))
