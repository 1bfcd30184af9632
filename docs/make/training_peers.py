"""Writes training-peers.md among the results: `depthwise train --images` beside a plain Keras network of the same size.

`python -m docs.make.training_peers` (needs the `train` extra; an hour on two cores), with the numbers as JSON: each run
is kept there as it ends, and not done again. All get the same folder and nothing else; all are held against pictures
that none has seen.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Final

from depthwise.host.train.quiet import repeatable, require_tensorflow

require_tensorflow()

import numpy as np  # noqa: E402 - TensorFlow is loaded quietly first
import tensorflow as tf  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402

from depthwise.codegen.formats.tflite.reader import read_model  # noqa: E402
from depthwise.codegen.zoo.catalogue import Scaling  # noqa: E402
from depthwise.host.train.outputs import outputs  # noqa: E402
from depthwise.host.train.recipe import measure  # noqa: E402
from depthwise.host.train.session import run  # noqa: E402
from depthwise.host.train.training_data import Floats, Pictures, folder_data  # noqa: E402
from depthwise.host.train.training_request import TrainingRequest  # noqa: E402

from .pages import RESULTS  # noqa: E402

KEPT: Final = RESULTS / "training-peers.json"
SEEDS: Final = (1, 2, 3)
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


@dataclass(frozen=True, slots=True)
class Compared:
    """One seed: shares of unseen pictures that are right, what each network is, and seconds."""

    seed: int
    network: str
    ours: float
    parameters: int
    seconds: float
    keras: float
    normalized: float
    keras_parameters: int
    keras_seconds: float
    side: int
    epochs: int


def main() -> None:
    """Train all on every task for every seed that is not yet in the JSON file, and write both files."""
    found = _kept()
    for seed in SEEDS:
        for task in TASKS:
            runs = found.setdefault(task.name, [])
            if seed not in [r.seed for r in runs]:
                runs.append(compared(task, seed))
                sys.stdout.write(f"{task.name}: {runs[-1]}\n")
                sys.stdout.flush()
                _keep(found)
    (RESULTS / "training-peers.md").write_text(page(found))


def _kept() -> dict[str, list[Compared]]:
    if not KEPT.exists():
        return {}
    return {name: [Compared(**run) for run in runs] for name, runs in json.loads(KEPT.read_text()).items()}


def _keep(found: dict[str, list[Compared]]) -> None:
    told = {name: [asdict(run) for run in runs] for name, runs in found.items()}
    KEPT.write_text(json.dumps(told, indent=2) + "\n")


def compared(task: Task, seed: int) -> Compared:
    """All, on one folder."""
    with _folders(task, seed) as (given, unseen):
        began = monotonic()
        card = run(_request(given, seed), outputs(given.parent / "ours.tflite", None, None, force=True), quiet=True)
        took = monotonic() - began
        graph = read_model(given.parent / "ours.tflite")
        side, classes = graph.tensors[graph.inputs[0]].shape[1], tuple(card["model"]["classes"])
        pictures = _pictures(unseen, classes, side)
        began = monotonic()
        parameters, epochs = card["model"]["parameters"], card["training"]["epochs"]
        plain = Peer(side=side, parameters=parameters, epochs=epochs, seed=seed)
        model, right = keras_peer(given, pictures, plain)
        keras_seconds = monotonic() - began
        return Compared(
            seed=seed,
            network=card["model"]["architecture"],
            ours=measure(graph, pictures).accuracy,
            parameters=parameters,
            seconds=took,
            keras=right,
            normalized=keras_peer(given, pictures, replace(plain, normalized=True))[1],
            keras_parameters=model.count_params(),
            keras_seconds=keras_seconds,
            side=side,
            epochs=epochs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A plain Keras network: side of its pictures, parameters it may have about, and whether it normalizes batches."""

    side: int
    parameters: int
    epochs: int
    seed: int
    normalized: bool = False


def keras_peer(folder: Path, unseen: Pictures, peer: Peer) -> tuple[Any, float]:
    """A network as Keras' guides have it: augmentation, three convolutions with pooling, Adam, the best epoch kept.

    Its width is the one whose parameters are nearest to those wanted; pictures are split as ours are.
    """
    repeatable(peer.seed)
    data = folder_data(folder, peer.side, 3, peer.seed)
    model = _network(peer, len(data.classes))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    patience = max(peer.epochs // 3, 15)
    best = tf.keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
    validation = (data.validation.images, data.validation.labels)
    given = (data.training.images, data.training.labels)
    model.fit(*given, validation_data=validation, epochs=peer.epochs, callbacks=[best], verbose=0, batch_size=32)
    found = model.predict(unseen.images, verbose=0).argmax(axis=1)
    return model, float(np.mean(found == unseen.labels))


def _width(parameters: int, classes: int) -> int:
    """The width of the first convolution with which the network has the nearest number of parameters."""

    def counted(width: int) -> int:
        convolutions = ((3, width), (width, 2 * width), (2 * width, 4 * width))
        return sum((9 * read + 1) * written for read, written in convolutions) + (4 * width + 1) * classes

    return min(range(2, 257), key=lambda width: abs(counted(width) - parameters))


def _network(peer: Peer, classes: int) -> Any:
    keras, width = tf.keras.layers, _width(peer.parameters, classes)
    body: list[Any] = []
    for times in (1, 2, 4):
        body.append(keras.Conv2D(width * times, 3, padding="same", activation=None if peer.normalized else "relu"))
        body += [keras.BatchNormalization(), keras.ReLU()] if peer.normalized else []
        body.append(keras.MaxPooling2D())
    varied = [keras.RandomTranslation(0.1, 0.1), keras.RandomRotation(0.05), keras.RandomZoom(0.1)]
    head = [keras.GlobalAveragePooling2D(), keras.Dropout(0.2), keras.Dense(classes, activation="softmax")]
    return tf.keras.Sequential([tf.keras.Input((peer.side, peer.side, 3)), *varied, *body, *head])


def _request(folder: Path, seed: int) -> TrainingRequest:
    """As the command asks without any option."""
    return TrainingRequest(
        images=folder,
        family=None,
        board=None,
        milliseconds=None,
        shape=Scaling(),
        teacher=None,
        epochs=None,
        aware=False,
        seed=seed,
    )


@contextmanager
def _folders(task: Task, seed: int) -> Iterator[tuple[Path, Path]]:
    with TemporaryDirectory() as scratch:
        places = Path(scratch) / task.name, Path(scratch) / "unseen"
        for place, drawn in zip(places, task.drawn(seed), strict=True):
            for number, (name, image) in enumerate(drawn):
                (place / name).mkdir(parents=True, exist_ok=True)
                image.save(place / name / f"{number:05}.png")
        yield places


def _pictures(folder: Path, classes: tuple[str, ...], side: int) -> Pictures:
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


def page(found: dict[str, list[Compared]]) -> str:
    """The text of the page."""
    sections = "\n".join(_section(task, found[task.name]) for task in TASKS if task.name in found)
    return f"""# Training: beside a plain Keras network

Made by `python -m docs.make.training_peers`. `depthwise train --images FOLDER` without any other option, beside what
Keras' guides have for pictures: augmentation by its layers (translation, rotation, zoom), three convolutions with
pooling, Adam, early stopping with the best weights, without and with BatchNorm; of as many parameters (within a step of
its width), the same size of pictures, the same training and validation pictures, at most as many epochs. Keras'
BatchNorm averages over many steps by default, more than there are here. Shares are of pictures that none has seen: ours
in int8, as a board computes it, Keras' in floats. A seed decides the pictures, the split and the first weights.
Seconds are of one thread on a machine that did much other work.

{sections}"""


def _section(task: Task, runs: list[Compared]) -> str:
    rows = "".join(
        f"| {r.seed} | {r.network} | {r.ours:.1%} | {r.parameters:,} | {r.seconds:,.0f} s | {r.keras:.1%} "
        f"| {r.normalized:.1%} | {r.keras_parameters:,} | {r.keras_seconds:,.0f} s |\n"
        for r in runs
    )
    return f"""## {task.name}

{task.text}.

| seed | network | depthwise, int8 | parameters | took | Keras, float | with BatchNorm | parameters | took |
|---|---|---|---|---|---|---|---|---|
{rows}
{_verdict(runs)}
"""


def _verdict(runs: list[Compared]) -> str:
    ours, theirs = [r.ours for r in runs], [r.keras for r in runs]
    gain = [100 * (a - b) for a, b in zip(ours, theirs, strict=True)]
    spread = f" ± {stdev(gain):.1f}" if len(gain) > 1 else ""
    better = sum(g > 0 for g in gain)
    both = f"On average {mean(ours):.1%} against {mean(theirs):.1%}: {mean(gain):+.1f}{spread} points"
    return f"{both}, better with {better} of {len(runs)} seeds."


if __name__ == "__main__":
    main()
