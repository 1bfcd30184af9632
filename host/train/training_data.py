"""Labelled pictures to train with: the bundled digits, or a folder with one folder of images for each class."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import InputError, ToolError
from depthwise.host.data.calibration import DataOptions, read_image
from depthwise.host.data.pictures import is_picture
from depthwise.host.progress import Progress, nobody

from .quiet import INSTALL

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

PLAIN: Final = DataOptions((0.0, 1.0), resize=True)
LEAST_OF_A_CLASS: Final = 5
MOST_BYTES: Final = 2 * 1024**3
TEST_SHARE: Final = 0.2
VALIDATION_SHARE: Final = 0.1
SHIFT: Final = 0.08  # of the side, either way
LIGHT: Final = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures [N,H,W,C] with values 0…1, the number of each one's class [N], and their names, if they have any."""

    images: Floats
    labels: Labels
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingData:
    """Three parts that share no picture, and how the training pictures are drawn anew for each epoch.

    `allowed` says in words which turns of a picture their classes do not depend on.
    """

    name: str
    classes: tuple[str, ...]
    training: Pictures
    validation: Pictures
    test: Pictures
    varied: Callable[[np.random.Generator], Floats]
    allowed: str = "as they stand"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of a picture."""
        _, height, width, channels = self.training.images.shape
        return height, width, channels


def digits_data(seed: int) -> TrainingData:
    """The scikit-learn digits at 32x32, as the bundled network was trained on. Raises ToolError without it."""
    try:
        from depthwise.host.demo import digit_pictures as pictures  # noqa: PLC0415 - it needs scikit-learn
    except ImportError as error:
        raise ToolError(f"the digits come with scikit-learn: {error}", INSTALL) from None
    split = pictures.load_split(seed)
    scans = (split.training, split.validation, split.test)
    training, validation, test = (Pictures(pictures.enlarge(s.ink), s.labels) for s in scans)
    return TrainingData(
        name="digits",
        classes=tuple("0123456789"),
        training=training,
        validation=validation,
        test=test,
        varied=partial(pictures.vary, split.training.ink),
    )


def folder_data(folder: Path, side: int, channels: int, seed: int, report: Progress = nobody) -> TrainingData:
    """Images of FOLDER/class/…, scaled to squares of `side` pixels; a fifth for testing, a tenth for validation.

    Raises InputError for a folder without classes, with a class of too few images, or with an unreadable image.
    """
    files = _files(folder)
    bytes_needed = sum(map(len, files.values())) * side * side * channels * 4
    if bytes_needed > MOST_BYTES:
        raise InputError(
            f"{folder} has {sum(map(len, files.values())):,} images, {bytes_needed:,} bytes at {side}x{side}, "
            f"at most {MOST_BYTES:,} are held",
            "take a smaller --resolution or fewer images",
        )
    everything = [(path, label) for label, paths in enumerate(files.values()) for path in paths]
    images = np.empty((len(everything), side, side, channels), np.float32)
    for at, (path, _) in enumerate(everything):
        images[at] = read_image(path, (side, side, channels), PLAIN)
        report(at + 1, len(everything))
    labels = np.array([label for _, label in everything], np.int64)
    names = [path.relative_to(folder).as_posix() for path, _ in everything]
    training, validation, test = (
        Pictures(images[part], labels[part], tuple(names[i] for i in part)) for part in _split(labels, seed)
    )
    return TrainingData(
        name=folder.name,
        classes=tuple(files),
        training=training,
        validation=validation,
        test=test,
        varied=partial(_vary, training.images),
    )


def classes_of(folder: Path) -> tuple[str, ...]:
    """Names of the classes in a folder of images. Raises InputError as `folder_data` does."""
    return tuple(_files(folder))


def _files(folder: Path) -> dict[str, list[Path]]:
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", "give a folder with one folder of images for each class")
    found = {
        inside.name: sorted(p for p in inside.rglob("*") if is_picture(p) and p.is_file())
        for inside in sorted(folder.iterdir())
        if inside.is_dir()
    }
    found = {name: paths for name, paths in found.items() if paths}
    if len(found) < 2:
        raise InputError(
            f"{folder} has {len(found)} folders with images, a classifier needs 2 or more",
            "put the images of each class into a folder of its own",
        )
    few = min(found, key=lambda name: len(found[name]))
    if len(found[few]) < LEAST_OF_A_CLASS:
        raise InputError(
            f"class {few} has {len(found[few])} images, each needs {LEAST_OF_A_CLASS} or more", "add images to it"
        )
    return found


def _split(labels: Labels, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Indices of training, validation and test pictures; every class has the same share in each."""
    rng = np.random.default_rng(seed)
    parts: tuple[list[NDArray[np.intp]], ...] = ([], [], [])
    for label in np.unique(labels):
        mixed = rng.permutation(np.flatnonzero(labels == label))
        test = max(round(len(mixed) * TEST_SHARE), 1)
        validation = max(round(len(mixed) * VALIDATION_SHARE), 1)
        for part, chosen in zip(
            parts, np.split(mixed, [len(mixed) - test - validation, len(mixed) - test]), strict=True
        ):
            part.append(chosen)
    training, validating, testing = (np.concatenate(part) for part in parts)
    return training, validating, testing


def _vary(images: Floats, rng: np.random.Generator) -> Floats:
    """Each picture shifted a little, its border repeated, and lit differently."""
    reach = max(round(images.shape[1] * SHIFT), 1)
    framed = np.pad(images, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
    height, width = images.shape[1:3]
    varied = np.empty_like(images)
    for at, (down, right) in enumerate(rng.integers(0, 2 * reach + 1, (len(images), 2))):
        varied[at] = framed[at, down : down + height, right : right + width]
    light = rng.uniform(1 - LIGHT, 1 + LIGHT, (len(images), 1, 1, 1)).astype(np.float32)
    lit: Floats = np.clip(varied * light, 0, 1)
    return lit
