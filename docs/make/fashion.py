"""Fashion-MNIST for the pages about training: photographs of clothes, harder to tell apart than digits.

Xiao, Rasul and Vollgraf, "Fashion-MNIST" (2017), MIT licence; Debian has it as `dataset-fashion-mnist`, 28x28 grey.
"""

import gzip
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.host.train.session import varied_data
from depthwise.host.train.training_data import Pictures, TrainingData

FOLDER: Final = Path(os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))
CLASSES: Final = ("shirt, short", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")
SIDE: Final = 28
OF_CLASS: Final = 200
VALIDATION_OF_CLASS: Final = 50
TESTED: Final = 3000
IDX: Final = {"images": 16, "labels": 8}  # bytes of the head


def fashion_data(seed: int) -> TrainingData:
    """Some training pictures of each class, drawn by a seed, and the first 3,000 of those to test with.

    Raises InputError where the files are not there.
    """
    images, labels = _read("train")
    order = np.random.default_rng(seed).permutation(len(labels))
    chosen = [order[labels[order] == label][: OF_CLASS + VALIDATION_OF_CLASS] for label in range(len(CLASSES))]
    training, validation = (
        Pictures(images[part], labels[part])
        for part in (np.concatenate([c[:OF_CLASS] for c in chosen]), np.concatenate([c[OF_CLASS:] for c in chosen]))
    )
    shown, right = _read("t10k")
    data = TrainingData(
        name="fashion",
        classes=CLASSES,
        training=training,
        validation=validation,
        test=Pictures(shown[:TESTED], right[:TESTED]),
        varied=lambda _rng: training.images,
    )
    return replace(varied_data(data), name="fashion")


def _read(part: str) -> tuple[Any, Any]:
    """Pictures [N,28,28,1], values 0…1, and their classes [N]."""
    try:
        raw = {
            kind: np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=head)
            for kind, head in IDX.items()
            for path in FOLDER.glob(f"{part}-{kind}-*.gz")
        }
        images = raw["images"].reshape(-1, SIDE, SIDE, 1).astype(np.float32) / np.float32(255)
    except (OSError, KeyError) as error:
        raise InputError(f"Fashion-MNIST is not in {FOLDER}: {error!r}", "apt install dataset-fashion-mnist") from None
    return images, raw["labels"].astype(np.int64)
