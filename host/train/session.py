"""One training from the command line: read the pictures, choose the networks, train, measure, write."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rich.markup import escape

from depthwise.codegen.errors import InputError
from depthwise.codegen.zoo.catalogue import Scaling, architecture
from depthwise.host.console import err, progress
from depthwise.host.data.calibration import left_out_text, sorted_out

from .augmenting import varied
from .budget_of import aware_epochs, budget_of
from .candidates import DEFAULT_SIDE, Candidate, candidates, with_room
from .fetched_trunk import fetched
from .halving import search
from .outputs import Outputs
from .picture_findings import TrainingFinding, picture_findings
from .pretrained import Pretrained, pretrained
from .prune_to_ram import check_room
from .published_trunks import alpha_of, trunk_named
from .recipe import TrainingRecipe, finished, train
from .results import Made, write
from .symmetries import symmetries
from .teachers import teacher_from
from .training_bars import training_progress
from .training_data import TrainingData, classes_of, digits_data, folder_data
from .training_request import TrainingRequest

WIDE: Final = "wide"
WIDER: Final = 2.0
USUAL: Final = "mobilenet_v1"


def run(given: TrainingRequest, to: Outputs, *, quiet: bool) -> dict[str, Any]:
    """Do all of it and write the files; gives the model card."""
    if given.images is not None:
        _tell_left_out(given.images)
    if given.images is not None and given.teacher is None:
        made = _searched(given, given.images, to.search, quiet=quiet)
    else:
        made = _trained(given, quiet=quiet)
    with progress("measuring", None, quiet=quiet):
        card = write(to, made)
    shutil.rmtree(to.search, ignore_errors=True)
    return card


def _trained(given: TrainingRequest, *, quiet: bool) -> Made:
    """Train the network that was asked for."""
    family = given.family or USUAL
    data = _data(given, family, quiet=quiet)
    recipe = _recipe(given, family, data)
    with training_progress(quiet=quiet) as (report, stages):
        return Made(data, recipe, train(data, recipe, report), stages.last)


def _searched(given: TrainingRequest, folder: Path, kept: Path, *, quiet: bool) -> Made:
    """Try networks on a folder of pictures, or the one that was asked for, and finish the best."""
    classes = classes_of(folder)
    _check_classes(given, len(classes))
    able = candidates(given.shape, len(classes), given.board, given.milliseconds, given.family)
    if given.room is not None:
        with progress("planning", None, quiet=quiet):
            able = with_room(able, given.room)
    with progress("reading images", None, quiet=quiet) as reading:
        images = sorted({c.architecture.image for c in able})
        data = {image: varied_data(folder_data(folder, image[0], image[2], given.seed, reading)) for image in images}
    largest = data[images[-1]]
    if not quiet:
        _tell(picture_findings(largest))
    budget = budget_of(given, largest)
    start = None if given.weights is None else _start(given, given.weights, able[0])
    kept.mkdir(exist_ok=True)
    with training_progress(quiet=quiet) as (report, stages), _told_to_go_on():
        found = search(able, lambda c: data[c.architecture.image], budget, report, folder=kept, start=start)
        best = found.tried[0].candidate.architecture
        recipe = TrainingRecipe(best, budget, aware_epochs(given, budget), room=given.room)
        trained = finished(found.data, recipe, found.model, report)
        return Made(
            found.data,
            recipe,
            trained,
            stages.last,
            tried=found.tried if given.family is None else (),
            epochs=found.epochs,
            board=given.board,
        )


def _start(given: TrainingRequest, weights: str, network: Candidate) -> Pretrained:
    """What a network starts from: weights by name, or those of a file."""
    trunk = trunk_named(weights, given.family)
    if trunk is None:
        return pretrained(Path(weights))
    return fetched(trunk, alpha_of(trunk, given.shape.alpha), network.side)


def _tell(found: tuple[TrainingFinding, ...]) -> None:
    """Say what is wrong with the pictures while there is time to stop."""
    for finding in found:
        err().print(f"[yellow]look:[/yellow]  {escape(finding.text)}; {escape(finding.hint)}", soft_wrap=True)


def varied_data(data: TrainingData) -> TrainingData:
    """The same pictures, varied in training as their classes allow."""
    allowed = symmetries(data.training, data.classes)
    return replace(data, varied=varied(data.training.images, allowed), allowed=allowed.text)


@contextmanager
def _told_to_go_on() -> Iterator[None]:
    """Say, where a search is interrupted, how it goes on."""
    try:
        yield
    except KeyboardInterrupt:
        err().print("[yellow]interrupted[/yellow]: the same command goes on where it stood", soft_wrap=True)
        raise


def _data(given: TrainingRequest, family: str, *, quiet: bool) -> TrainingData:
    if given.images is None:
        return digits_data(given.seed)
    made = architecture(family, _shape_for_images(given.shape))
    with progress("reading images", None, quiet=quiet) as report:
        return varied_data(folder_data(given.images, made.image[0], made.image[2], given.seed, report))


def _tell_left_out(folder: Path) -> None:
    left_out = left_out_text(sorted_out(folder)[1])
    if left_out:
        err().print(f"[yellow]warning:[/yellow] {escape(left_out)}", soft_wrap=True)


def _shape_for_images(shape: Scaling) -> Scaling:
    return shape if shape.resolution is not None else replace(shape, resolution=DEFAULT_SIDE)


def _check_classes(given: TrainingRequest, shown: int) -> None:
    if given.shape.classes not in (None, shown):
        raise InputError(f"--classes says {given.shape.classes}, the pictures show {shown}", "leave it out")


def _recipe(given: TrainingRequest, family: str, data: TrainingData) -> TrainingRecipe:
    _check_classes(given, len(data.classes))
    height, _, channels = data.shape
    fitted = replace(given.shape, classes=len(data.classes), resolution=height, image_channels=channels)
    student = architecture(family, fitted)
    if student.image != data.shape:
        raise InputError(f"{family} reads images {student.image}, these are {data.shape}", "take another --arch")
    budget = budget_of(given, data)
    if given.room is not None:
        check_room(student, given.room)
    teacher = _teacher(given, family, fitted, data)
    return TrainingRecipe(student, budget, aware_epochs(given, budget), teacher, given.room)


def _teacher(given: TrainingRequest, family: str, fitted: Scaling, data: TrainingData) -> Any:
    if given.teacher is None:
        return None
    if given.teacher == WIDE:
        return architecture(family, replace(fitted, alpha=WIDER * (fitted.alpha or 1.0)))
    return teacher_from(Path(given.teacher), data)
