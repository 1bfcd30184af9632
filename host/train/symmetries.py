"""Which turns of a picture leave its class what it is, as far as the pictures themselves tell. Needs no TensorFlow.

Each picture, turned, is held against all others as they are: where the nearest one is as often of the same class as
without the turn, classes do not depend on it. Of arrows to the left and to the right, or of digits, they do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from .small_pictures import small
from .training_data import Floats, Labels, Pictures

COMPARED: Final = 400  # pictures at most
SIGMAS: Final = 2.0
# Classes whose names say where something is: mirrored, they are each other.
SIDED: Final = frozenset({"left", "right", "links", "rechts", "gauche", "droite", "izquierda", "derecha"})
TURNS: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "mirrored": lambda images: images[:, :, ::-1],
    "upside down": lambda images: images[:, ::-1],
    "turned": lambda images: np.rot90(images, axes=(1, 2)),
}


@dataclass(frozen=True, slots=True)
class Symmetries:
    """Whether classes stay what they are when pictures are mirrored, upside down, or turned by a quarter."""

    mirrored: bool
    upside_down: bool
    turned: bool

    @property
    def text(self) -> str:
        """How pictures may be varied."""
        known = (("mirrored", self.mirrored), ("upside down", self.upside_down), ("turned", self.turned))
        allowed = [name for name, is_allowed in known if is_allowed]
        return ", ".join(allowed) if allowed else "as they stand"


def symmetries(pictures: Pictures, classes: tuple[str, ...]) -> Symmetries:
    """Turns that no class depends on. Where pictures are told apart by nothing this simple, they may be mirrored."""
    chosen = np.random.default_rng(0).permutation(len(pictures.labels))[:COMPARED]
    images, labels = small(pictures.images[chosen]), pictures.labels[chosen]
    plain = _same(images, images, labels)
    chance = float(np.bincount(labels).max() / len(labels))
    sided = any(SIDED & set(name.lower().replace("-", "_").split("_")) for name in classes)
    if plain <= chance + _error(chance, len(labels)):
        return Symmetries(mirrored=not sided, upside_down=False, turned=False)
    least = plain - _error(plain, len(labels))
    able = {name: _same(turn(images), images, labels) >= least for name, turn in TURNS.items()}
    return Symmetries(able["mirrored"] and not sided, able["upside down"], able["turned"])


def _error(share: float, count: int) -> float:
    return max(SIGMAS * float(np.sqrt(share * (1 - share) / count)), 1 / count)


def _same(asked: Floats, known: Floats, labels: Labels) -> float:
    """How often the nearest other picture is of the same class."""
    near = asked.reshape(len(asked), -1) @ known.reshape(len(known), -1).T
    np.fill_diagonal(near, -np.inf)
    return float(np.mean(labels[near.argmax(axis=1)] == labels))
