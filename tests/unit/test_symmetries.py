"""Which turns of pictures their classes allow, told by the pictures. Needs no TensorFlow."""

import numpy as np
import pytest

from depthwise.host.train.symmetries import Symmetries, symmetries
from depthwise.host.train.training_data import Floats, Pictures

RNG = np.random.default_rng(0)


def drawn(*prototypes: Floats) -> Pictures:
    """Thirty noisy pictures of each prototype."""
    labels = np.repeat(np.arange(len(prototypes)), 30)
    noise = RNG.random((len(labels), 24, 24, 3), np.float32) * 0.3
    images = np.stack([prototypes[label] for label in labels])[..., None] + noise
    return Pictures(images.astype(np.float32), labels)


def bright(rows: slice, columns: slice) -> Floats:
    image = np.zeros((24, 24), np.float32)
    image[rows, columns] = 1
    return image


LEFT, RIGHT = bright(slice(None), slice(0, 8)), bright(slice(None), slice(16, 24))
ABOVE, BELOW = LEFT.T, RIGHT.T
DISC = (np.hypot(*(np.indices((24, 24)) - 11.5)) < 6).astype(np.float32)
RING = DISC - (np.hypot(*(np.indices((24, 24)) - 11.5)) < 3).astype(np.float32)


@pytest.mark.parametrize(
    ("pictures", "allowed"),
    [
        (drawn(LEFT, RIGHT), Symmetries(mirrored=False, upside_down=True, turned=False)),
        (drawn(ABOVE, BELOW), Symmetries(mirrored=True, upside_down=False, turned=False)),
        (drawn(DISC, RING), Symmetries(mirrored=True, upside_down=True, turned=True)),
    ],
)
def test_classes_that_change_places_when_turned_are_not_turned(pictures: Pictures, allowed: Symmetries) -> None:
    assert symmetries(pictures, ("a", "b")) == allowed


def test_classes_called_left_and_right_are_never_mirrored() -> None:
    assert not symmetries(drawn(DISC, RING), ("turn_left", "turn_right")).mirrored
    assert symmetries(drawn(DISC, RING), ("leftover", "rightful")).mirrored


def test_pictures_that_nothing_simple_tells_apart_may_be_mirrored_alone() -> None:
    assert symmetries(drawn(DISC, DISC, DISC), ("a", "b", "c")).text == "mirrored"
