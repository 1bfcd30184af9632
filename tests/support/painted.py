"""Pictures that anyone tells apart, bright above or bright below: as files, and as arrays."""

from pathlib import Path

import numpy as np
import pytest

from depthwise.host.train.training_data import Pictures, TrainingData


def painted(folder: Path, of_each: int = 12) -> Path:
    """A folder of two classes that anyone tells apart: bright above, bright below."""
    images = pytest.importorskip("PIL.Image", reason="images are read by Pillow, of the train extra")
    rng = np.random.default_rng(1)
    for number, name in enumerate(("above", "below")):
        (folder / name).mkdir(parents=True)
        for at in range(of_each):
            pixels = rng.integers(0, 60, (20, 30, 3)).astype(np.uint8)
            pixels[10 * number : 10 * number + 10] += 150
            images.fromarray(pixels).save(folder / name / f"{at}.png")
    return folder


def skies(seed: int = 0) -> TrainingData:
    """Tiny pictures, bright above or below."""
    rng = np.random.default_rng(seed)

    def drawn(count: int) -> Pictures:
        labels = np.arange(count, dtype=np.int64) % 2
        images = rng.random((count, 8, 8, 1), np.float32) * 0.4
        for image, label in zip(images, labels, strict=True):
            image[4 * label : 4 * label + 4] += 0.5
        return Pictures(images, labels)

    training, validation, test = (drawn(count) for count in (64, 16, 32))
    return TrainingData(
        name="skies",
        classes=("above", "below"),
        training=training,
        validation=validation,
        test=test,
        varied=lambda _rng: training.images,
    )
