"""Weights to start from: those of a Keras model with the same trunk, layer after layer as far as shapes agree."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tensorflow as tf

from depthwise.codegen.errors import InputError
from depthwise.codegen.zoo.weights import Floats

Keras = Any  # TensorFlow carries no types
SUFFIX: Final = ".keras"


@dataclass(frozen=True, slots=True, eq=False)
class TrunkLayer:
    """A layer with weights, and what kind it is."""

    kind: str
    weights: tuple[Floats, ...]

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Of each of its weights."""
        return [tuple(w.shape) for w in self.weights]

    @property
    def text(self) -> str:
        """Kind and shape of the first weights."""
        return f"{self.kind} {'x'.join(map(str, self.shapes[0]))}"


@dataclass(frozen=True, slots=True, eq=False)
class Pretrained:
    """The layers of a model in their order, whatever they are called, and where they are from."""

    name: str
    layers: tuple[TrunkLayer, ...]

    @property
    def sha256(self) -> str:
        """Says which weights these are."""
        told = hashlib.sha256()
        for layer in self.layers:
            for weights in layer.weights:
                told.update(weights.tobytes())
        return told.hexdigest()


def pretrained(path: Path) -> Pretrained:
    """A file to start from; code in it is not run (Keras' safe mode).

    Raises InputError where it cannot be read, or is no .keras file.
    """
    if path.suffix != SUFFIX:
        raise InputError(f"{path} is no {SUFFIX} file", f"save the model by model.save('NAME{SUFFIX}')")
    if not path.is_file():
        raise InputError(f"cannot read {path}: there is no such file", "give a model that Keras saved")
    try:
        model = tf.keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # a damaged archive may fail anywhere in Keras
        raise InputError(f"Keras cannot read {path}: {str(error).splitlines()[0]}", "save it again") from None
    return Pretrained(str(path), layers_of(model))


def layers_of(model: Keras) -> tuple[TrunkLayer, ...]:
    """Layers of a model that have weights, in order."""
    return tuple(_layer(layer) for layer in _with_weights(model))


def take_trunk(model: Keras, given: Pretrained) -> int:
    """Give a model the weights of all layers up to the first whose shape is another; how many layers that are.

    Raises InputError where the first layer differs already.
    """
    taken, theirs = 0, iter(given.layers)
    for mine in _with_weights(model):
        other = next(theirs, None)
        if other is None or _layer(mine).shapes != other.shapes:
            break
        mine.set_weights(list(other.weights))
        taken += 1
    else:
        return taken
    if not taken:
        found = "no layer with weights" if other is None else f"a first layer {other.text}"
        raise InputError(
            f"{given.name} has {found}, the network's is {_layer(mine).text}", "give --arch, --alpha as it was trained"
        )
    return taken


def _with_weights(model: Keras) -> Iterator[Keras]:
    """Layers that have weights, those of models within it too, in order."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _with_weights(layer)
        elif layer.get_weights():
            yield layer


def _layer(layer: Keras) -> TrunkLayer:
    return TrunkLayer(type(layer).__name__, tuple(layer.get_weights()))
