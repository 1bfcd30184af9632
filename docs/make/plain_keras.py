"""A plain Keras network to compare with: three convolutions with pooling, as Keras' guides have it, trained by Adam."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

from depthwise.host.train.quiet import repeatable, require_tensorflow

require_tensorflow()

import numpy as np  # noqa: E402 - TensorFlow is loaded quietly first
import tensorflow as tf  # noqa: E402

from depthwise.host.train.fit import TrainingBudget  # noqa: E402
from depthwise.host.train.halving import patience  # noqa: E402
from depthwise.host.train.session import varied_data  # noqa: E402
from depthwise.host.train.training_data import Pictures, TrainingData, folder_data  # noqa: E402

RATES: Final = (1e-3, 3e-3, 1e-2)  # the first is Adam's own
MOMENTUM: Final = 0.9  # Keras' own 0.99 averages over more steps than there are here
DROPOUT: Final = 0.2
WIDTHS: Final = (1, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One way to train it, the share of unseen pictures that are right then, and the loss by which it is chosen."""

    side: int
    normalized: bool
    rate: float
    parameters: int
    epochs: int
    validation_loss: float
    right: float

    @property
    def name(self) -> str:
        """How it was trained."""
        return f"{self.side}x{self.side}, {'with BatchNorm, ' if self.normalized else ''}rate {self.rate:g}"


@dataclass(slots=True, eq=False)
class _Way:
    """A network under training: its best weights so far, after which epoch, and with what validation loss."""

    normalized: bool
    rate: float
    model: Any
    least: float = float("inf")
    best: Any = None
    when: int = 0
    epochs: int = 0

    def keep(self, number: int, loss: float) -> None:
        """Take note of an epoch."""
        self.epochs = number
        if loss <= self.least:
            self.least, self.best, self.when = loss, self.model.get_weights(), number


def plain_peers(
    folder: Path, unseen: Pictures, parameters: int, budget: TrainingBudget, side: int, *, rates: tuple[float, ...]
) -> Iterator[Peer]:
    """Networks of so many parameters about, without and with BatchNorm, at each of some learning rates.

    They get what ours gets: the same parts, variations, batches, epochs, and the end when
    there is no better one for as long; the epoch of the least validation loss is kept.
    """
    data = varied_data(folder_data(folder, side, 3, budget.seed))
    ways = [_Way(*way, _network(side, parameters, data, budget.seed, way)) for way in product((False, True), rates)]
    _fit(ways, data, budget)
    for way in ways:
        way.model.set_weights(way.best)
        found = way.model.predict(unseen.images, verbose=0).argmax(axis=1)
        yield Peer(
            side=side,
            normalized=way.normalized,
            rate=way.rate,
            parameters=way.model.count_params(),
            epochs=way.epochs,
            validation_loss=way.least,
            right=float(np.mean(found == unseen.labels)),
        )


def chosen(peers: list[Peer]) -> Peer:
    """The one that its validation pictures speak for."""
    return min(peers, key=lambda peer: peer.validation_loss)


def _fit(ways: list[_Way], data: TrainingData, budget: TrainingBudget) -> None:
    """Train all on the same variations; each ends where it gets no better."""
    rng, labels = np.random.default_rng(budget.seed), data.training.labels
    for number in range(1, budget.epochs + 1):
        images, order = data.varied(rng), rng.permutation(len(labels))
        for way in ways:
            if number - way.when > patience(budget):
                continue
            for start in range(0, len(order), budget.batch):
                some = order[start : start + budget.batch]
                way.model.train_on_batch(images[some], labels[some])
            way.keep(number, float(way.model.test_on_batch(data.validation.images, data.validation.labels)))


def _width(parameters: int, classes: int) -> int:
    """The width of the first convolution with which the network has the nearest number of parameters."""

    def counted(width: int) -> int:
        convolutions = ((3, width), (width, 2 * width), (2 * width, 4 * width))
        return sum((9 * read + 1) * written for read, written in convolutions) + (4 * width + 1) * classes

    return min(range(2, 257), key=lambda width: abs(counted(width) - parameters))


def _network(side: int, parameters: int, data: TrainingData, seed: int, way: tuple[bool, float]) -> Any:
    repeatable(seed)
    keras, width, (normalized, rate) = tf.keras.layers, _width(parameters, len(data.classes)), way
    body: list[Any] = []
    for times in WIDTHS:
        body.append(keras.Conv2D(width * times, 3, padding="same", activation=None if normalized else "relu"))
        body += [keras.BatchNormalization(momentum=MOMENTUM), keras.ReLU()] if normalized else []
        body.append(keras.MaxPooling2D())
    head = [keras.Dropout(DROPOUT), keras.Dense(len(data.classes), activation="softmax")]
    layers = [tf.keras.Input((side, side, 3)), *body, keras.GlobalAveragePooling2D(), *head]
    model = tf.keras.Sequential(layers)
    model.compile(tf.keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    return model
