"""A Keras model of an architecture under training: begun, trained to the end, asked as a teacher."""

from collections.abc import Callable
from typing import Any

from depthwise.codegen.zoo.spec import Architecture

from .fit import Distillation, Epoch, Teacher, Training, TrainingBudget, begun, logits_of, next_epoch, softmax
from .keras_network import DROPOUT, Keras, keras_model
from .training_data import Floats, TrainingData


def trained_model(
    data: TrainingData,
    architecture: Architecture,
    budget: TrainingBudget,
    distilled: Distillation | None,
    report: Callable[[Epoch, int], None],
) -> Keras:
    """A Keras model without softmax, trained."""
    model, training = started(data, architecture, budget, distilled)
    for number in range(1, budget.epochs + 1):
        report(next_epoch(training, number), budget.epochs)
    return model


def started(
    data: TrainingData, architecture: Architecture, budget: TrainingBudget, distilled: Distillation | None
) -> tuple[Keras, Training]:
    """A Keras model without softmax, and its training before the first epoch."""
    model = keras_model(architecture, dropout=DROPOUT, scores=False)
    return model, training_of(model, data, budget, distilled)


def training_of(
    model: Keras, data: TrainingData, budget: TrainingBudget, distilled: Distillation | None = None
) -> Training:
    """The training of a model without softmax, as it stands, before the first epoch."""

    def forward(images: Any, training: bool) -> Any:
        return model(images, training=training)

    return begun(forward, model.trainable_variables, data, budget, distilled)


def teacher_of(model: Keras) -> Teacher:
    """Class probabilities as a trained model without softmax gives them."""

    def answer(images: Floats) -> Floats:
        return softmax(logits_of(lambda x, training: model(x, training=training), images))

    return answer
