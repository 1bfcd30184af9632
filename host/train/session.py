"""One training from the command line: read the pictures, choose the networks, train, measure, write."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rich.markup import escape

from depthwise.codegen.errors import InputError
from depthwise.codegen.zoo.catalogue import Scaling, architecture
from depthwise.host.console import err, progress
from depthwise.host.data.calibration import left_out_text, sorted_out

from .fit import TrainingBudget
from .outputs import Outputs
from .recipe import TrainingRecipe, train
from .results import write
from .teachers import teacher_from
from .training_bars import training_progress
from .training_data import TrainingData, digits_data, folder_data
from .training_request import TrainingRequest

WIDE: Final = "wide"
WIDER: Final = 2.0
DEFAULT_SIDE: Final = 96

Lines = tuple[tuple[str, str], ...]


def run(given: TrainingRequest, to: Outputs, *, quiet: bool) -> tuple[dict[str, Any], Lines]:
    """Do all of it and write the files; gives the model card, and a line for each stage of the training."""
    data = _data(given, quiet=quiet)
    recipe = _recipe(given, data)
    with training_progress(quiet=quiet) as (report, stages):
        trained = train(data, recipe, report)
    with progress("measuring", None, quiet=quiet):
        card = write(to, data, recipe, trained)
    shown = len(data.validation.labels)
    lines = tuple(
        (stage, f"{e.number} epochs, loss {e.loss:.3f}, {100 * e.accuracy:.1f}% of {shown} validation pictures right")
        for stage, e in stages.last.items()
    )
    return card, lines


def summary(card: dict[str, Any]) -> Lines:
    """What a model card says, in lines."""
    facts, measured = card["model"], card["measured"]
    counts = f"{facts['macs']:,} MACs, {facts['parameters']:,} parameters"
    tests = ((f"test, {kind}", measured[f"test_{kind}"]) for kind in ("float", "int8"))
    return (
        ("network", f"{facts['architecture']}, {counts}"),
        ("int8", card["training"]["quantization"]),
        *((title, f"{m['right']} of {m['of']} right, {100 * m['accuracy']:.1f}%") for title, m in tests),
    )


def _data(given: TrainingRequest, *, quiet: bool) -> TrainingData:
    if given.images is None:
        return digits_data(given.seed)
    made = architecture(given.family, _shape_for_images(given.shape))
    _tell_left_out(given.images)
    with progress("reading images", None, quiet=quiet) as report:
        return folder_data(given.images, made.image[0], made.image[2], given.seed, report)


def _tell_left_out(folder: Path) -> None:
    left_out = left_out_text(sorted_out(folder)[1])
    if left_out:
        err().print(f"[yellow]warning:[/yellow] {escape(left_out)}", soft_wrap=True)


def _shape_for_images(shape: Scaling) -> Scaling:
    return shape if shape.resolution is not None else replace(shape, resolution=DEFAULT_SIDE)


def _recipe(given: TrainingRequest, data: TrainingData) -> TrainingRecipe:
    if given.shape.classes not in (None, len(data.classes)):
        raise InputError(f"--classes says {given.shape.classes}, the pictures show {len(data.classes)}", "leave it out")
    height, _, channels = data.shape
    fitted = replace(given.shape, classes=len(data.classes), resolution=height, image_channels=channels)
    student = architecture(given.family, fitted)
    if student.image != data.shape:
        raise InputError(f"{given.family} reads images {student.image}, these are {data.shape}", "take another --arch")
    return TrainingRecipe(
        student, TrainingBudget(given.epochs, seed=given.seed), given.aware_epochs, _teacher(given, fitted, data)
    )


def _teacher(given: TrainingRequest, fitted: Scaling, data: TrainingData) -> Any:
    if given.teacher is None:
        return None
    if given.teacher == WIDE:
        return architecture(given.family, replace(fitted, alpha=WIDER * (fitted.alpha or 1.0)))
    return teacher_from(Path(given.teacher), data)
