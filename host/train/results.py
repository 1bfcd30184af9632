"""What training leaves on disk: the int8 model, test pictures as its inputs, and a card that says how it was made."""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import KW_ONLY, asdict, dataclass
from importlib import metadata
from io import BytesIO
from typing import Any, Final

import numpy as np

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.project.whole_file import write_all_whole
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.scratch_folder import scratch_folder
from depthwise.codegen.targets.boards import Board
from depthwise.codegen.version import VERSION
from depthwise.codegen.zoo.block_costs import parameters
from depthwise.host.data.confusion import Confusion, confusion_of

from .fit import Epoch
from .outputs import Outputs
from .prune_to_ram import ram_of
from .recipe import CALIBRATED_WITH, Trained, TrainingRecipe, batches, classified, measure
from .training_data import Pictures, TrainingData
from .training_findings import findings
from .training_picture import training_picture
from .tried import Tried, cards

SHOWN_OF_EACH: Final = 2
MOST_SHOWN: Final = 64
VERSIONS: Final = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "scikit-learn", "pillow")


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What a training came to: pictures, recipe, networks, the last epoch of each stage, what was tried before.

    `epochs` are all of the network, where it was trained on a folder of pictures; RAM is that on the board, if there is
    one.
    """

    data: TrainingData
    recipe: TrainingRecipe
    trained: Trained
    stages: Mapping[str, Epoch]
    _: KW_ONLY
    tried: tuple[Tried, ...] = ()
    epochs: tuple[Epoch, ...] = ()
    board: Board | None = None


def card(made: Made, content: bytes) -> dict[str, Any]:
    """The model card: what it is, how it was trained, and what was measured. The same run gives the same card."""
    data, trained = made.data, made.trained
    return {
        "model": _model(made, content),
        "training": {**_training(made.recipe), "stages": {name: _stage(e) for name, e in made.stages.items()}},
        "data": {
            "name": data.name,
            "training": len(data.training.labels),
            "validation": len(data.validation.labels),
            "test": len(data.test.labels),
            "varied": data.allowed,
        },
        "tried": cards(made.tried),
        "curve": [asdict(epoch) for epoch in made.epochs],
        "measured": _measured(data, trained),
        **_looked_at(data, trained),
        "versions": _versions(),
    }


def _stage(epoch: Epoch) -> dict[str, float]:
    return {
        "epochs": epoch.number,
        "loss": round(epoch.loss, 4),
        "validation_accuracy": round(epoch.accuracy, 4),
    }


def _model(made: Made, content: bytes) -> dict[str, Any]:
    trained = made.trained
    return {
        "architecture": trained.architecture.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "parameters": parameters(trained.float_graph),
        "macs": total_macs(trained.graph),
        "ram_bytes": ram_of(trained.graph, made.board),
        "classes": list(made.data.classes),
    }


def _training(recipe: TrainingRecipe) -> dict[str, Any]:
    return {
        "tool": f"depthwise {VERSION}",
        "epochs": recipe.budget.epochs,
        "quantization": _how(recipe),
        "teacher": _teacher(recipe),
        "seed": recipe.budget.seed,
        "batch": recipe.budget.batch,
        "learning_rate": recipe.budget.learning_rate,
    }


def _measured(data: TrainingData, trained: Trained) -> dict[str, dict[str, float]]:
    return {
        f"{part}_{kind}": measure(graph, pictures).card()
        for part, pictures in (("validation", data.validation), ("test", data.test))
        for kind, graph in (("float", trained.float_graph), ("int8", trained.graph))
    }


def _tested(data: TrainingData, trained: Trained) -> Confusion:
    return confusion_of(data.classes, data.test.labels, classified(trained.graph, data.test.images))


def _looked_at(data: TrainingData, trained: Trained) -> dict[str, Any]:
    """What the int8 network takes for what, and what is wrong with it."""
    tested = _tested(data, trained)
    sample = np.random.default_rng(0).permutation(len(data.training.labels))[:CALIBRATED_WITH]
    some = Pictures(data.training.images[sample], data.training.labels[sample])
    sure = np.concatenate([np.asarray(trained.keras(part, training=False)) for part in batches(data.training.images)])
    found = findings(data, tested, measure(trained.graph, some).accuracy, sure)
    return {"confusion": tested.card(), "findings": [asdict(f) for f in found]}


def _how(recipe: TrainingRecipe) -> str:
    return (
        f"rounded in training, {recipe.aware_epochs} epochs more" if recipe.aware_epochs else "quantized after training"
    )


def _teacher(recipe: TrainingRecipe) -> str | None:
    if recipe.teacher is None:
        return None
    return getattr(recipe.teacher, "name", "given")


def _versions() -> Mapping[str, str]:
    found = {"python": platform.python_version()}
    for name in VERSIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def write(to: Outputs, made: Made) -> dict[str, Any]:
    """Write all files of a training, and give the card. Raises InputError where one cannot be written: none is then."""
    data, trained = made.data, made.trained
    content = write_model(trained.graph)
    described = card(made, content)
    files = {to.model: content, to.card: (json.dumps(described, indent=2) + "\n").encode()}
    shown, pictures = _shown(data.test), BytesIO()
    images = quantized_input(trained.graph, shown.images)
    np.savez_compressed(pictures, images=images, labels=shown.labels, classes=np.array(data.classes))
    files[to.pictures] = pictures.getvalue()
    if to.keras is not None:
        files[to.keras] = _keras_bytes(trained)
    chart = training_picture(made.epochs, _tested(data, trained))
    if chart is not None:
        files[to.chart] = chart
    write_all_whole(files)
    return described


def _keras_bytes(trained: Trained) -> bytes:
    with scratch_folder("keras") as scratch:
        path = scratch / "network.keras"
        trained.keras.save(path)
        return path.read_bytes()


def _shown(test: Pictures) -> Pictures:
    """The first test pictures of each class, in the order of the classes."""
    classes = np.unique(test.labels)
    chosen = np.concatenate([np.flatnonzero(test.labels == c)[:SHOWN_OF_EACH] for c in classes])[:MOST_SHOWN]
    return Pictures(test.images[chosen], test.labels[chosen])
