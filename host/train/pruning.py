"""Pruning of a trained network: channels go until it fits a RAM budget, and what is left is trained on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from depthwise.codegen.zoo.spec import Architecture
from depthwise.codegen.zoo.to_graph import build_graph

from .fit import Distillation, Epoch, TrainingBudget, next_epoch
from .keras_network import Keras, folded
from .model_training import teacher_of, training_of
from .narrow_model import narrow_model
from .prune_to_ram import Room, pruned_to_ram, ram_of
from .training_data import TrainingData

SHARE: Final = 2  # of the epochs before, one in so many more
RATE: Final = 0.5  # of the learning rate before
Report = Callable[[Epoch, int], None]


def pruned(
    data: TrainingData, made: Architecture, model: Keras, budget: TrainingBudget, *, room: Room, report: Report
) -> tuple[Architecture, Keras]:
    """A narrower network within its room, trained on with the one before as its teacher; that itself where it fits."""
    weights = folded(model, made)
    if ram_of(build_graph(made, weights), room.board) <= room.ram_bytes:
        return made, model
    found = pruned_to_ram(made, weights, room.ram_bytes, room.board)
    narrow = narrow_model(model, made, found)
    more = replace(budget, epochs=max(budget.epochs // SHARE, 1), learning_rate=budget.learning_rate * RATE)
    training = training_of(narrow, data, more, Distillation(teacher_of(model)))
    for number in range(1, more.epochs + 1):
        report(next_epoch(training, number), more.epochs)
    return found.architecture, narrow
