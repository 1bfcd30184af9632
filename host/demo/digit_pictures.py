"""Handwritten digits for training: 8x8 scans enlarged to 32x32, split, and varied at random.

A picture is drawn by asking, for every pixel of the large image, where in the scan it lies, and mixing the
four nearest scan pixels (bilinear; black beyond the border). Turning, zooming and shifting only move the
questions, so a varied picture is interpolated once, exactly as a plain one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.model_selection import train_test_split

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

SCAN: Final = 8
SIDE: Final = 32
INK: Final = 16.0
TEST_SHARE: Final = 0.2
VALIDATION_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Scans:
    """Scans [N,8,8] with ink 0…1, and the digits they show [N]."""

    ink: Floats
    labels: Labels


@dataclass(frozen=True, slots=True)
class DigitSplit:
    """Three parts that share no scan; every digit has the same share in each."""

    training: Scans
    validation: Scans
    test: Scans


def load_split(seed: int) -> DigitSplit:
    """The scikit-learn digits (1797 scans), a fifth of them for testing and a tenth for validation."""
    ink, labels = datasets.load_digits(return_X_y=True)
    ink = (ink.reshape(-1, SCAN, SCAN) / INK).astype(np.float32)
    labels = labels.astype(np.int64)
    count = len(labels)
    held_out = round(count * TEST_SHARE)
    rest_ink, test_ink, rest, test = train_test_split(
        ink, labels, test_size=held_out, random_state=seed, stratify=labels
    )
    held_out = round(count * VALIDATION_SHARE)
    training_ink, validation_ink, training, validation = train_test_split(
        rest_ink, rest, test_size=held_out, random_state=seed, stratify=rest
    )
    return DigitSplit(Scans(training_ink, training), Scans(validation_ink, validation), Scans(test_ink, test))


def enlarge(ink: Floats) -> Floats:
    """Pictures [N,32,32,1] of scans [N,8,8], in steps of 1/255 as a camera would give them."""
    upright = np.tile(np.eye(2), (len(ink), 1, 1))
    return _as_bytes(_draw(ink, upright, np.zeros((len(ink), 2))))


def vary(ink: Floats, rng: np.random.Generator) -> Floats:
    """Pictures as `enlarge` makes them, each turned, zoomed, shifted and speckled a little at random."""
    count = len(ink)
    angle = np.deg2rad(rng.uniform(-12, 12, count))
    zoom = rng.uniform(0.9, 1.15, (count, 1, 1))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = rng.uniform(-0.75, 0.75, (count, 2))
    pictures = _draw(ink, np.moveaxis(turn, -1, 0) * zoom, shift)
    return _as_bytes(pictures + rng.normal(0, 0.03, pictures.shape))


def _as_bytes(pictures: NDArray[np.floating]) -> Floats:
    levels: NDArray[np.floating] = np.round(np.clip(pictures, 0, 1) * 255)
    return (levels / 255).astype(np.float32)


def _draw(ink: Floats, turn: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scans [N,8,8] drawn large: a pixel at p from the centre shows the scan at turn [N,2,2] · p + shift."""
    centre = (SCAN - 1) / 2
    steps = (np.arange(SIDE) + 0.5) * SCAN / SIDE - SCAN / 2
    pixels = np.stack(np.meshgrid(steps, steps, indexing="ij")).reshape(2, -1)
    # One black pixel around the scan, and 1 added to the position for it.
    wanted = turn @ pixels + shift[:, :, None] + centre + 1
    wanted = np.clip(wanted, 0, SCAN + 1 - 1e-6)
    framed = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    corner = wanted.astype(np.int64)
    (below, right), (y, x) = np.moveaxis(wanted - corner, 1, 0), np.moveaxis(corner, 1, 0)
    one = np.arange(len(ink))[:, None]
    upper = framed[one, y, x] * (1 - right) + framed[one, y, x + 1] * right
    lower = framed[one, y + 1, x] * (1 - right) + framed[one, y + 1, x + 1] * right
    drawn: NDArray[np.float64] = upper * (1 - below) + lower * below
    return drawn.reshape(-1, SIDE, SIDE, 1)
