"""Damaged manifests, arrays and pictures."""

import io
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from depthwise.codegen.project.owned import MANIFEST
from depthwise.host.data.arrays import open_array
from depthwise.host.data.pictures import read_pixels
from depthwise.host.project import open_project
from tests.support.projects import built

from .damage import damaged

VALUES: tuple[Any, ...] = (None, True, -1, 0, 1 << 40, 1e308, "", "../../x", "x" * 5000, [], {}, [[]], "\x1b[2J")
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "TGA", "ICO")


@cache
def sound_manifest() -> str:
    """The manifest of an exported project."""
    return (built("host").folder / MANIFEST).read_text()


def try_manifest(seed: int, folder: Path) -> None:
    """Open a project with the damaged manifest of a seed."""
    if not (folder / "model.tflite").exists():
        (folder / "model.tflite").write_bytes((built("host").folder / "model.tflite").read_bytes())
    text = sound_manifest()
    changed = damaged(text.encode(), seed) if seed % 2 else exchanged(text, seed)
    (folder / MANIFEST).write_bytes(changed)
    open_project(folder)


def exchanged(text: str, seed: int) -> bytes:
    """JSON with one value exchanged for another of any type."""
    rng = random.Random(seed)
    found = json.loads(text)
    at = found
    while True:
        key = rng.choice(list(at)) if isinstance(at, dict) else rng.randrange(len(at))
        if not isinstance(at[key], dict | list) or not at[key] or rng.random() < 0.4:
            at[key] = rng.choice(VALUES)
            return json.dumps(found).encode()
        at = at[key]


@cache
def sound_arrays() -> tuple[bytes, ...]:
    """Arrays as numpy saves them."""
    found = []
    for dtype in ("int8", "float32", "uint8", "float64", ">i2"):
        out = io.BytesIO()
        np.save(out, np.arange(64).astype(dtype).reshape(2, 4, 4, 2))
        found.append(out.getvalue())
    return tuple(found)


def try_array(seed: int, folder: Path) -> None:
    """Open the damaged array of a seed, and read all of it."""
    files = sound_arrays()
    path = folder / "damaged.npy"
    path.write_bytes(damaged(files[seed % len(files)], seed))
    np.asarray(open_array(path)).sum()


@cache
def sound_pictures() -> tuple[bytes, ...]:
    """A small picture in every usual format."""
    pixels = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)
    found = []
    for name in FORMATS:
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, name)
        found.append(out.getvalue())
    return tuple(found)


def try_picture(seed: int, folder: Path) -> None:
    """Read the damaged picture of a seed."""
    files = sound_pictures()
    path = folder / "damaged.png"
    path.write_bytes(damaged(files[seed % len(files)], seed))
    read_pixels(path, (12, 16), 3, resize=bool(seed & 1))
