"""How far a training is, in a file: an interrupted one goes on where it stood, to the same end."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from depthwise.codegen.project.whole_file import write_whole

from .fit import Epoch, Training, TrainingBudget
from .training_data import TrainingData

Keras = Any  # TensorFlow carries no types
Arrays = list[np.ndarray[Any, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The best epoch so far, and the weights after it."""

    epoch: Epoch
    weights: Arrays


def key_of(network: object, data: TrainingData, budget: TrainingBudget) -> str:
    """Says which training a file is of: network (and what it started from), pictures, budget, seed."""
    pictures = hashlib.sha256(data.training.images.tobytes() + data.training.labels.tobytes()).hexdigest()
    return hashlib.sha256(repr((network, pictures, data.classes, budget)).encode()).hexdigest()


def save(path: Path, key: str, model: Keras, training: Training, *, history: list[Epoch], best: Best) -> None:
    """Write all that a training goes on from."""
    told = {"key": key, "history": [asdict(e) for e in history], "best": asdict(best.epoch)}
    told["rng"] = training.rng.bit_generator.state
    arrays = {f"model{n}": np.asarray(v) for n, v in enumerate(model.variables)}
    arrays |= {f"optimizer{n}": np.asarray(v) for n, v in enumerate(training.optimizer.variables)}
    arrays |= {f"best{n}": w for n, w in enumerate(best.weights)}
    content = BytesIO()
    np.savez(content, told=np.array(json.dumps(told)), **arrays)  # type: ignore[arg-type]
    write_whole(path, content.getvalue())


def restored(path: Path, key: str, model: Keras, training: Training) -> tuple[list[Epoch], Best] | None:
    """Put a training where it stood; None, and nothing changed, where no file is, or one of another training."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        told = json.loads(str(arrays["told"]))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    if told["key"] != key:
        return None
    _put_back(training, model, arrays)
    training.rng.bit_generator.state = told["rng"]
    weights = [arrays[f"best{n}"] for n in range(len(model.get_weights()))]
    return [Epoch(**e) for e in told["history"]], Best(Epoch(**told["best"]), weights)


def _put_back(training: Training, model: Keras, arrays: Mapping[str, Any]) -> None:
    for name, variables in (("model", model.variables), ("optimizer", training.optimizer.variables)):
        for number, variable in enumerate(variables):
            variable.assign(arrays[f"{name}{number}"])
