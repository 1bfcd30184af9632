"""Networks to show: the bundled digits, or one that `depthwise train` left, with labelled pictures it has not seen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import InputError

_FOLDER: Final = Path(__file__).resolve().parent
MODEL: Final = _FOLDER / "digits.tflite"
PICTURES: Final = _FOLDER / "digits_test.npz"
CARD: Final = _FOLDER / "digits.json"


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """A model file and pictures for it: `images` int8 [N,H,W,C], its own inputs; `labels` [N], numbers of `classes`."""

    model: Path
    images: NDArray[np.int8]
    labels: NDArray[np.int64]
    classes: tuple[str, ...] = tuple("0123456789")


def pictures_path(model: Path) -> Path:
    """Where the test pictures of a trained model lie: beside it."""
    return model.with_name(f"{model.stem}_test.npz")


def load_digits() -> Digits:
    """The bundled model and its test pictures, at least one of each digit."""
    with np.load(PICTURES, allow_pickle=False) as stored:
        return Digits(MODEL, stored["images"], stored["labels"])


def load_trained(model: Path) -> Digits:
    """A model that `depthwise train` wrote, with its test pictures. Raises InputError where they are not beside it."""
    path = pictures_path(model)
    try:
        with np.load(path, allow_pickle=False) as stored:
            return Digits(model, stored["images"], stored["labels"], tuple(stored["classes"].tolist()))
    except (OSError, KeyError, ValueError) as error:
        raise InputError(
            f"cannot read the test pictures of {model}, {path}: {error}", "depthwise train --digits"
        ) from None


def find_trained(folder: Path) -> Path | None:
    """The digits model that `depthwise train --digits` left in a folder, with its pictures; None where it has not."""
    model = folder / MODEL.name
    return model if model.is_file() and pictures_path(model).is_file() else None
