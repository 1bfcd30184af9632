"""The training loop: fresh variations of every picture each epoch, a cosine learning rate, optionally a teacher."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import tensorflow as tf

from .training_data import Floats, TrainingData

Keras = Any  # TensorFlow carries no types
# Logits [N, classes] of pictures [N,H,W,C]; True while training.
Forward = Callable[[Keras, bool], Keras]
# Class probabilities [N, classes] of pictures [N,H,W,C].
Teacher = Callable[[Floats], Floats]

LEARNING_RATE: Final = 4e-3
WEIGHT_DECAY: Final = 1e-3
LABEL_SMOOTHING: Final = 0.05
SCORED_TOGETHER: Final = 256
UNEVEN: Final = 1.5  # times as many pictures of one class as of another: then they weigh less
MOST_WEIGHT: Final = 10.0
LEAST_SHARE: Final = 1e-7


@dataclass(frozen=True, slots=True)
class TrainingBudget:
    """How long and how fast to train."""

    epochs: int
    learning_rate: float = LEARNING_RATE
    batch: int = 32
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Distillation:
    """A teacher, how soft its answers are made (temperature) and how much they weigh against the labels.

    Hinton and others, "Distilling the Knowledge in a Neural Network" (2015).
    """

    teacher: Teacher
    temperature: float = 3.0
    weight: float = 0.7


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one epoch came to: mean loss, the share of validation pictures that are right, and their loss."""

    number: int
    loss: float
    accuracy: float
    validation_loss: float = 0.0

    @property
    def rank(self) -> tuple[float, float]:
        """Order of epochs: the least loss on validation pictures, of which a few tell more by it than by their number.

        Then what is right most often.
        """
        return self.validation_loss, -self.accuracy


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Training:
    """A training under way: all that changes is in `variables`, `optimizer` and `rng`."""

    forward: Forward
    data: TrainingData
    budget: TrainingBudget
    distilled: Distillation | None
    optimizer: Keras
    step: Callable[..., Keras]
    hard: Floats
    rng: np.random.Generator


def begun(
    forward: Forward,
    variables: Sequence[Keras],
    data: TrainingData,
    budget: TrainingBudget,
    distilled: Distillation | None = None,
) -> Training:
    """A training of `variables`, which are changed in place, before its first epoch."""
    labels = data.training.labels
    optimizer = _optimizer(variables, budget, -(-len(labels) // budget.batch) * budget.epochs)
    hard = np.eye(len(data.classes), dtype=np.float32)[labels]
    hard = hard * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / len(data.classes)
    hard *= class_weights(labels, len(data.classes))[labels, None]
    step = _step(forward, variables, optimizer, distilled, (data.shape, len(data.classes)))
    rng = np.random.default_rng(budget.seed)
    return Training(
        forward=forward,
        data=data,
        budget=budget,
        distilled=distilled,
        optimizer=optimizer,
        step=step,
        hard=hard.astype(np.float32),
        rng=rng,
    )


def next_epoch(training: Training, number: int) -> Epoch:
    """Train with every picture once more."""
    data, distilled = training.data, training.distilled
    images, hard = data.varied(training.rng), training.hard
    soft = hard if distilled is None else softened(distilled.teacher(images), distilled.temperature)
    losses = [
        float(training.step(*(tf.constant(part[chosen]) for part in (images, hard, soft))))
        for chosen in _batches(training.rng.permutation(len(images)), training.budget.batch)
    ]
    scores, labels = logits_of(training.forward, data.validation.images), data.validation.labels
    right = float(np.mean(scores.argmax(axis=1) == labels))
    unsure = -np.log(np.maximum(softmax(scores)[np.arange(len(labels)), labels], LEAST_SHARE))
    return Epoch(number, float(np.mean(losses)), right, float(unsure.mean()))


def fit(
    forward: Forward,
    variables: Sequence[Keras],
    data: TrainingData,
    budget: TrainingBudget,
    distilled: Distillation | None = None,
) -> Iterator[Epoch]:
    """Train `variables` in place; gives each epoch when it is over."""
    training = begun(forward, variables, data, budget, distilled)
    for number in range(1, budget.epochs + 1):
        yield next_epoch(training, number)


def class_weights(labels: Any, classes: int) -> Floats:
    """How much a picture of each class weighs, 1 on average: less where there are many; 1 where classes are even."""
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    if counts.max() < UNEVEN * counts.min():
        return np.ones(classes, np.float32)
    weights = np.minimum(counts.mean() / counts, MOST_WEIGHT)
    return np.asarray(weights * len(labels) / weights[labels].sum(), np.float32)


def softened(probabilities: Floats, temperature: float) -> Floats:
    """The teacher's answer at a temperature: p^(1/T), summing to 1 again."""
    powers = np.maximum(probabilities, 1e-12) ** (1 / temperature)
    soft: Floats = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return soft


def softmax(logits: Floats) -> Floats:
    """Class probabilities [N, classes]."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Floats = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def _batches(order: Any, batch: int) -> Iterator[Any]:
    for start in range(0, len(order), batch):
        yield order[start : start + batch]


def _optimizer(variables: Sequence[Keras], budget: TrainingBudget, steps: int) -> Keras:
    rate = tf.keras.optimizers.schedules.CosineDecay(budget.learning_rate, steps)
    optimizer = tf.keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY)
    optimizer.build(variables)
    return optimizer


def _step(
    forward: Forward,
    variables: Sequence[Keras],
    optimizer: Keras,
    distilled: Distillation | None,
    sizes: tuple[tuple[int, int, int], int],
) -> Callable[..., Keras]:
    """One step on any number of pictures, whose shape and classes are known: TensorFlow then compiles it once."""
    temperature, weight = (1.0, 0.0) if distilled is None else (distilled.temperature, distilled.weight)

    def step(images: Keras, hard: Keras, soft: Keras) -> Keras:
        with tf.GradientTape() as tape:
            logits = forward(images, True)
            loss = (1 - weight) * _cross_entropy(hard, logits)
            if weight:
                loss += weight * temperature**2 * _cross_entropy(soft, logits / temperature)
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return loss

    images, scores = (tf.TensorSpec([None, *size]) for size in (sizes[0], sizes[1:]))
    compiled: Callable[..., Keras] = tf.function(step, (images, scores, scores), autograph=False)
    return compiled


def _cross_entropy(wanted: Keras, logits: Keras) -> Keras:
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(wanted, logits))


def logits_of(forward: Forward, images: Floats) -> Floats:
    """Logits [N, classes], as the network gives them when it is not being trained."""
    parts = [
        np.asarray(forward(tf.constant(images[start : start + SCORED_TOGETHER]), False))
        for start in range(0, len(images), SCORED_TOGETHER)
    ]
    return np.concatenate(parts)
