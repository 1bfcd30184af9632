"""The bundled pictures of digits, in a folder for each digit."""

from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.graph import Array
from depthwise.host.demo import load_digits


def digit_pictures(folder: Path) -> Path:
    """As PNG files: pixel - 128 is what the bundled network takes."""
    images = pytest.importorskip("PIL.Image", reason="images are read by Pillow, of the images extra")
    for path, levels in _numbered(folder):
        images.fromarray((levels[..., 0].astype(np.int16) + 128).astype(np.uint8)).save(path.with_suffix(".png"))
    return folder


def digit_arrays(folder: Path) -> Path:
    """As float32 arrays, 0 to 1."""
    for path, levels in _numbered(folder):
        np.save(path.with_suffix(".npy"), (levels.astype(np.float32) + 128) / 255)
    return folder


def _numbered(folder: Path) -> list[tuple[Path, Array]]:
    bundled = load_digits()
    found = list[tuple[Path, Array]]()
    for at, (levels, label) in enumerate(zip(bundled.images, bundled.labels.tolist(), strict=True)):
        (folder / str(label)).mkdir(parents=True, exist_ok=True)
        found.append((folder / str(label) / f"{at:03}", levels))
    return found
