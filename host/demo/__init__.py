"""The bundled digits network: a small MobileNet and labelled pictures it has never been trained on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FOLDER: Final = Path(__file__).resolve().parent
MODEL: Final = _FOLDER / "digits.tflite"
PICTURES: Final = _FOLDER / "digits_test.npz"
CARD: Final = _FOLDER / "digits.json"


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """A model file and pictures for it: `images` int8 [N,32,32,1], its own inputs; `labels` 0…9 [N]."""

    model: Path
    images: NDArray[np.int8]
    labels: NDArray[np.int64]


def load_digits() -> Digits:
    """The bundled model and its test pictures, at least one of each digit."""
    with np.load(PICTURES, allow_pickle=False) as stored:
        return Digits(MODEL, stored["images"], stored["labels"])
