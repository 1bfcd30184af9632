"""Weights to start from: those of a Keras model with the same trunk, layer after layer as far as shapes agree."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tensorflow as tf

from depthwise.codegen.errors import InputError

Keras = Any  # TensorFlow carries no types
SUFFIX: Final = ".keras"


@dataclass(frozen=True, slots=True)
class Pretrained:
    """A file of weights, and what it holds."""

    path: Path
    sha256: str


def pretrained(path: Path) -> Pretrained:
    """A file to start from. Raises InputError where it cannot be read, or is no .keras file."""
    if path.suffix != SUFFIX:
        raise InputError(f"{path} is no {SUFFIX} file", f"save the model by model.save('NAME{SUFFIX}')")
    try:
        return Pretrained(path, hashlib.sha256(path.read_bytes()).hexdigest())
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", "give a model that Keras saved") from None


def take_trunk(model: Keras, given: Pretrained) -> int:
    """Give a model the weights of all layers up to the first whose shape is another; how many layers that are.

    Layers with weights are taken in order, whatever they are called. Code in the file is not run (Keras' safe mode).
    Raises InputError for a file that Keras does not read, or whose first layer differs already.
    """
    taken, theirs = 0, _with_weights(_read(given.path))
    for mine in _with_weights(model):
        other = next(theirs, None)
        if other is None or _shapes(mine) != _shapes(other):
            break
        mine.set_weights(other.get_weights())
        taken += 1
    else:
        return taken
    if not taken:
        found = "no layer with weights" if other is None else f"a first layer {_text(other)}"
        raise InputError(
            f"{given.path} has {found}, the network's is {_text(mine)}", "give --arch, --alpha as it was trained"
        )
    return taken


def _read(path: Path) -> Keras:
    try:
        return tf.keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # a damaged archive may fail anywhere in Keras
        raise InputError(f"Keras cannot read {path}: {str(error).splitlines()[0]}", "save it again") from None


def _with_weights(model: Keras) -> Iterator[Keras]:
    """Layers that have weights, those of models within it too, in order."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _with_weights(layer)
        elif layer.get_weights():
            yield layer


def _shapes(layer: Keras) -> list[tuple[int, ...]]:
    return [tuple(weights.shape) for weights in layer.get_weights()]


def _text(layer: Keras) -> str:
    return f"{type(layer).__name__} {'x'.join(map(str, _shapes(layer)[0]))}"
