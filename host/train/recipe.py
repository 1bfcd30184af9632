"""From labelled pictures to an int8 network: train a teacher, train, fold, quantize (before or after), measure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen import floats, golden
from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.operators.validate import validate
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.quantize.observers import ValueRange
from depthwise.codegen.quantize.quantize import QuantizeOptions, quantize
from depthwise.codegen.quantize.quantized import build as build_int8
from depthwise.codegen.zoo.spec import Architecture, Head
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import Floats, Weights
from depthwise.host.demo.measured import Measured

from .fit import Distillation, Epoch, Teacher, TrainingBudget, fit
from .keras_network import Keras, folded, keras_model
from .model_training import teacher_of, trained_model
from .prune_to_ram import Room
from .pruning import pruned
from .qat import Aware, aware
from .quiet import repeatable
from .training_data import Labels, Pictures, TrainingData

AWARE_RATE: Final = 0.125  # of the learning rate before
CALIBRATED_WITH: Final = 512
PIXELS: Final = (0.0, 1.0)  # what 0 and 255 are to the network, whatever the contrast of its pictures
COMPUTED_TOGETHER: Final = 64

# Told after every epoch: what is being trained, the epoch, and of how many.
EpochProgress = Callable[[str, Epoch, int], None]


@dataclass(frozen=True, slots=True)
class TrainingRecipe:
    """What to train and how.

    `teacher` is trained first if it is an architecture; a function gives class probabilities. Quantization-aware
    training takes `aware_epochs` more; with 0 the network is quantized after training. It is pruned to its `room`,
    if it has one.
    """

    architecture: Architecture
    budget: TrainingBudget
    aware_epochs: int = 0
    teacher: Architecture | Teacher | None = None
    room: Room | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What came out: the network in floats and in int8, and its Keras form.

    Its architecture is the recipe's, or what pruning left of that. `teacher` is one that was trained before.
    """

    architecture: Architecture
    float_graph: Graph
    graph: Graph
    keras: Keras
    teacher: Keras | None


def train(data: TrainingData, recipe: TrainingRecipe, report: EpochProgress) -> Trained:
    """Train a network on pictures. The seed decides everything that is random.

    Raises InputError for a network that scores cells: pictures have one class each.
    """
    if recipe.architecture.head is Head.CELLS:
        raise InputError(
            f"{recipe.architecture.name} scores cells, a picture has one class", "train it with boxes in Keras"
        )
    repeatable(recipe.budget.seed)
    distilled, teacher = _distillation(data, recipe, report)
    model = trained_model(data, recipe.architecture, recipe.budget, distilled, lambda e, n: report("training", e, n))
    return finished(data, recipe, model, report, teacher=teacher)


def finished(
    data: TrainingData, recipe: TrainingRecipe, model: Keras, report: EpochProgress, *, teacher: Keras | None = None
) -> Trained:
    """A trained model, pruned if it was asked for, as a float and an int8 network, with rounding in training or not.

    Raises DoesNotFitError, UnsupportedError where it cannot be pruned to its budget.
    """
    made = recipe.architecture
    if recipe.room is not None:
        room = recipe.room
        made, model = pruned(data, made, model, recipe.budget, room=room, report=lambda e, n: report("pruned", e, n))
    weights = folded(model, made)
    if not recipe.aware_epochs:
        graph = build_graph(made, weights)
        return Trained(made, graph, post_training(graph, data), _scored(model, made), teacher)
    budget = aware_budget(recipe)
    network = aware_network(data, made, weights, budget, lambda e, n: report("with rounding", e, n))
    float_graph = build_graph(made, network.learnt())
    return Trained(made, float_graph, int8_of(network, float_graph), _scored(model, made), teacher)


def aware_budget(recipe: TrainingRecipe) -> TrainingBudget:
    """The budget of quantization-aware training: its own epochs, an eighth of the learning rate."""
    return replace(recipe.budget, epochs=recipe.aware_epochs, learning_rate=recipe.budget.learning_rate * AWARE_RATE)


def aware_network(
    data: TrainingData,
    architecture: Architecture,
    weights: Mapping[str, Weights],
    budget: TrainingBudget,
    report: Callable[[Epoch, int], None],
) -> Aware:
    """A folded network, trained on while it is rounded."""
    network = aware(architecture, weights, data.training.images[:CALIBRATED_WITH])
    for epoch in fit(network.forward, network.variables, data, budget):
        report(epoch, budget.epochs)
    return network


def post_training(graph: Graph, data: TrainingData) -> Graph:
    """The int8 network, quantized after training with the plain training pictures."""

    def calibrating() -> Iterator[Array]:
        yield from batches(data.training.images[:CALIBRATED_WITH])

    return replace(quantize(graph, calibrating, QuantizeOptions(input_range=PIXELS)).graph, name=graph.name)


def int8_of(network: Aware, graph: Graph) -> Graph:
    """The int8 network of weights and spans that were learnt together."""
    ranges = network.ranges()
    spans = {t.index: ValueRange(*ranges[t.name]) for t in graph.tensors if t.data is None and t.name in ranges}
    made = build_int8(graph, spans).graph
    validate(made)
    return made


def _scored(model: Keras, architecture: Architecture) -> Keras:
    scored = keras_model(architecture)
    scored.set_weights(model.get_weights())
    return scored


def _distillation(
    data: TrainingData, recipe: TrainingRecipe, report: EpochProgress
) -> tuple[Distillation | None, Keras | None]:
    match recipe.teacher:
        case None:
            return None, None
        case Architecture() as wide:
            model = trained_model(data, wide, recipe.budget, None, lambda e, n: report("teacher", e, n))
            return Distillation(teacher_of(model)), model
        case given:
            return Distillation(given), None


def measure(graph: Graph, pictures: Pictures) -> Measured:
    """Classify pictures with a float or an int8 graph, in numpy."""
    return Measured(int(np.sum(classified(graph, pictures.images) == pictures.labels)), len(pictures.labels))


def classified(graph: Graph, images: Floats) -> Labels:
    """Classes of pictures [N,H,W,C] by a float or an int8 graph, [N]; of two equal scores the first counts."""
    is_int8 = graph.tensors[graph.inputs[0]].quantization is not None
    found = [np.zeros(0, np.int64)]
    for some in batches(images):
        values = golden.run(graph, quantized_input(graph, some)) if is_int8 else floats.run(graph, some)
        found.append(values[graph.outputs[0]].reshape(len(some), -1).argmax(axis=1))
    return np.concatenate(found)


def batches(images: Floats) -> Iterator[Floats]:
    """Pictures in pieces that fit into memory with all that is computed of them."""
    for start in range(0, len(images), COMPUTED_TOGETHER):
        yield images[start : start + COMPUTED_TOGETHER]
