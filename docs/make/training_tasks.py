"""What networks are trained on for the pages about training: folders of pictures, and others that none has seen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits

from depthwise.host.train.training_data import Floats, Pictures

SIDE: Final = 96
SHAPES: Final = ("circle", "square", "triangle")
OF_SHAPE: Final = 50
OF_DIGIT: Final = 30
HELD_OUT: Final = 200  # of each shape
Drawn = Iterator[tuple[str, Image.Image]]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be told apart: pictures for the folder and others to be measured on, both with their classes."""

    name: str
    text: str
    drawn: Callable[[int], tuple[Drawn, Drawn]]


@contextmanager
def folders(task: Task, seed: int) -> Iterator[tuple[Path, Path]]:
    """A folder to train with and one to measure on, as long as they are needed."""
    with TemporaryDirectory() as scratch:
        places = Path(scratch) / task.name, Path(scratch) / "unseen"
        for place, drawn in zip(places, task.drawn(seed), strict=True):
            for number, (name, image) in enumerate(drawn):
                (place / name).mkdir(parents=True, exist_ok=True)
                image.save(place / name / f"{number:05}.png")
        yield places


def unseen_pictures(folder: Path, classes: tuple[str, ...], side: int) -> Pictures:
    """Pictures of a folder [N,side,side,3], values 0…1, numbered as the classes are."""
    files = [(file, classes.index(file.parent.name)) for file in sorted(folder.rglob("*.png"))]
    images: list[Floats] = []
    for file, _ in files:
        with Image.open(file) as opened:
            scaled = opened.convert("RGB").resize((side, side), Image.Resampling.BILINEAR)
        images.append(np.asarray(scaled, np.float32) / np.float32(255))
    return Pictures(np.stack(images), np.array([label for _, label in files], np.int64))


def shapes(seed: int) -> tuple[Drawn, Drawn]:
    """Circles, squares and triangles anywhere, of any size and turn, light before dark noise."""
    rng = np.random.default_rng(seed)
    return _shapes(rng, OF_SHAPE), _shapes(rng, HELD_OUT)


def _shapes(rng: np.random.Generator, count: int) -> Drawn:
    return ((name, _shape(rng, name)) for name in SHAPES for _ in range(count))


def _shape(rng: np.random.Generator, name: str) -> Image.Image:
    noise = rng.normal(0, 18, (SIDE, SIDE, 3))
    image = Image.fromarray(np.clip(rng.integers(20, 100, 3) + noise, 0, 255).astype(np.uint8))
    radius = rng.uniform(0.12, 0.35) * SIDE
    x, y = rng.uniform(radius, SIDE - radius, 2)
    ink, turn = tuple(rng.integers(140, 256, 3).tolist()), rng.uniform(0, 2 * np.pi)
    draw = ImageDraw.Draw(image)
    if name == "circle":
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=ink)
    else:
        corners = 4 if name == "square" else 3
        angles = turn + 2 * np.pi * np.arange(corners) / corners
        draw.polygon([(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles], fill=ink)
    return image


def digits(seed: int) -> tuple[Drawn, Drawn]:
    """The digits of scikit-learn: so many of each to train with, all others to be measured on."""
    scans = load_digits()
    order = np.random.default_rng(seed).permutation(len(scans.target))
    groups: tuple[list[tuple[str, Image.Image]], ...] = ([], [])
    taken = dict.fromkeys(range(10), 0)
    for at in order.tolist():
        label = int(scans.target[at])
        image = Image.fromarray((scans.images[at] * 255 / 16).astype(np.uint8)).resize((32, 32))
        groups[taken[label] >= OF_DIGIT].append((str(label), image))
        taken[label] += 1
    return iter(groups[0]), iter(groups[1])


TASKS: Final = (
    Task(
        "shapes",
        "Generated: circles, squares and triangles anywhere, of any size and turn, light before dark noise",
        shapes,
    ),
    Task("digits", "scikit-learn's digits (UCI, CC BY 4.0), 8x8 scans enlarged to 32x32", digits),
)
