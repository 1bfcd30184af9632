"""Handwritten digits for training: 8x8 scans enlarged to 32x32, split by who wrote them, and varied at random.

A picture is drawn by asking, for every pixel of the large image, where in the scan it lies, and mixing the
four nearest scan pixels (bilinear; black beyond the border). Turning, zooming and shifting only move the
questions, so a varied picture is interpolated once, exactly as a plain one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

SCAN: Final = 8
SIDE: Final = 32
INK: Final = 16.0
# Everyone wrote the same row of some 130 digits into a form, which the labels repeat: where each form begins. The
# authors of the data count 13 writers of these 14 forms. No two are in one hand as far as scans tell: halves of one
# differ by 10 to 14 (distance of mean scans in levels of ink, mean over the digits), halves of any two by 19 and more.
FORMS: Final = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667)
TEST_FORMS: Final = 3
VALIDATION_FORMS: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class Scans:
    """Scans [N,8,8] with ink 0…1, and the digits they show [N]."""

    ink: Floats
    labels: Labels


@dataclass(frozen=True, slots=True)
class DigitSplit:
    """Three parts that share no form, and so no writer."""

    training: Scans
    validation: Scans
    test: Scans


def load_split(seed: int) -> DigitSplit:
    """The scikit-learn digits (1797 scans), of 14 forms 3 for testing and 1 for validation, as the seed draws them."""
    ink, labels = datasets.load_digits(return_X_y=True)
    everything = Scans((ink.reshape(-1, SCAN, SCAN) / INK).astype(np.float32), labels.astype(np.int64))
    form = forms(len(labels))
    drawn = np.random.default_rng(seed).permutation(len(FORMS))
    test, validation, training = np.split(drawn, [TEST_FORMS, TEST_FORMS + VALIDATION_FORMS])
    return DigitSplit(*(_of(everything, np.isin(form, part)) for part in (training, validation, test)))


def forms(count: int) -> Labels:
    """The number of the form that each scan [N] is from."""
    return np.searchsorted(FORMS, np.arange(count), side="right").astype(np.int64) - 1


def _of(scans: Scans, chosen: NDArray[np.bool_]) -> Scans:
    return Scans(scans.ink[chosen], scans.labels[chosen])


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
