"""One training from the command line: read the pictures, choose the networks, train, measure, write."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.zoo.catalogue import Shape, architecture
from depthwise.host.console import progress

from .fit import TrainingBudget
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


def run(
    given: TrainingRequest, output: Path, keras: Path | None, *, quiet: bool
) -> tuple[dict[str, Any], Lines, tuple[Path, ...]]:
    """Do all of it; gives the model card, a line for each stage of the training, and the files that were written."""
    if keras is not None and keras.suffix != ".keras":
        raise InputError(f"{keras} does not end in .keras", f"--keras {keras.with_suffix('.keras')}")
    for path in (output, *([] if keras is None else [keras])):
        if not path.absolute().parent.is_dir():
            raise InputError(f"there is no folder {path.parent} to write {path.name} to", "make it first")
    data = _data(given, quiet=quiet)
    recipe = _recipe(given, data)
    with training_progress(quiet=quiet) as (report, stages):
        trained = train(data, recipe, report)
    with progress("measuring", None, quiet=quiet):
        written, card = write(output, data, recipe, trained)
        if keras is not None:
            trained.keras.save(keras)
    shown = len(data.validation.labels)
    lines = tuple(
        (stage, f"{e.number} epochs, loss {e.loss:.3f}, {100 * e.accuracy:.1f}% of {shown} validation pictures right")
        for stage, e in stages.last.items()
    )
    return card, lines, (written.model, written.card, written.pictures)


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
    with progress("reading images", None, quiet=quiet) as report:
        return folder_data(given.images, made.image[0], made.image[2], given.seed, report)


def _shape_for_images(shape: Shape) -> Shape:
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


def _teacher(given: TrainingRequest, fitted: Shape, data: TrainingData) -> Any:
    if given.teacher is None:
        return None
    if given.teacher == WIDE:
        return architecture(given.family, replace(fitted, alpha=WIDER * (fitted.alpha or 1.0)))
    return teacher_from(Path(given.teacher), data)
