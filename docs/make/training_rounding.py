"""A trained student in int8 by three ways: at once, behind more epochs in floats, behind as many with rounding."""

from collections.abc import Mapping
from dataclasses import replace

from depthwise.codegen.graph import Graph
from depthwise.codegen.zoo.spec import Architecture
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import Weights
from depthwise.host.train.fit import TrainingBudget, fit
from depthwise.host.train.qat import aware
from depthwise.host.train.recipe import AWARE_RATE, CALIBRATED_WITH, aware_network, int8_of, post_training
from depthwise.host.train.training_data import TrainingData


def rounded_ways(
    data: TrainingData, student: Architecture, weights: Mapping[str, Weights], budget: TrainingBudget, epochs: int
) -> dict[str, Graph]:
    """The int8 networks of a student that was trained with a budget, two of them for so many `epochs` more."""
    more = replace(budget, epochs=epochs, learning_rate=budget.learning_rate * AWARE_RATE)
    longer = aware(student, weights, data.training.images[:CALIBRATED_WITH])
    for _ in fit(longer.plain, longer.variables, data, more):
        pass
    rounded = aware_network(data, student, weights, more, lambda *_: None)
    return {
        "after": post_training(build_graph(student, weights), data),
        "longer_after": post_training(build_graph(student, longer.learnt()), data),
        "aware": int8_of(rounded, build_graph(student, rounded.learnt())),
    }
