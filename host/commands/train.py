"""`depthwise train`: pictures in, a small int8 network out, measured and ready for a board."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from depthwise.codegen.errors import InputError
from depthwise.codegen.zoo.catalogue import FAMILIES, Shape, architecture
from depthwise.host.console import out, print_json, progress
from depthwise.host.zoo_options import shape_options

if TYPE_CHECKING:
    from depthwise.host.train.data import Data
    from depthwise.host.train.recipe import Recipe

WIDE: Final = "wide"
WIDER: Final = 2.0
DEFAULT_SIDE: Final = 96
DEFAULT_ALPHA: Final = 0.25
AWARE_SHARE: Final = 5  # of the epochs before, one in so many more


@dataclass(frozen=True, slots=True)
class _Request:
    """What the command line asks for."""

    images: Path | None
    family: str
    shape: Shape
    teacher: str | None
    epochs: int
    aware_epochs: int
    seed: int


@click.command("train")
@click.option("--digits", is_flag=True, help="Train on the digits that come with scikit-learn.")
@click.option("--images", type=click.Path(path_type=Path), help="Train on FOLDER/CLASS/image files.", metavar="FOLDER")
@click.option("--arch", "family", type=click.Choice(list(FAMILIES)), help="Network family of the zoo.", metavar="NAME")
@shape_options
@click.option("--teacher", metavar="wide|FILE", help="Learn from a wider net trained first, or a .keras, .tflite file.")
@click.option("--qat", is_flag=True, help="Go on training with int8 rounding, instead of quantizing afterwards.")
@click.option("--epochs", default=40, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--seed", default=1, show_default=True, help="Decides everything that is random.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Model to write.  [default: digits.tflite, …]")
@click.option("--keras", type=click.Path(path_type=Path), help="Write the float network as .keras, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the model card as JSON.")
def command(
    images: Path | None,
    family: str | None,
    shape: Shape,
    teacher: str | None,
    epochs: int,
    seed: int,
    output: Path | None,
    keras: Path | None,
    *,
    digits: bool,
    qat: bool,
    as_json: bool,
) -> None:
    r"""Train a small network, quantize it to int8, and measure it on pictures that it has never seen.

    Writes the model, NAME.json (its card) and NAME_test.npz (test pictures). Needs the `train` extra (TensorFlow).

    \b
    depthwise train --digits && depthwise demo         from nothing to a verified virtual board
    depthwise train --images pets --qat --teacher wide
    """
    if digits == (images is not None):
        raise InputError("train on either --digits or --images FOLDER", "depthwise train --digits")
    if images is None:
        given = _Request(None, family or "digits", shape, teacher, epochs, _aware(epochs, qat=qat), seed)
    else:
        small = replace(shape, alpha=DEFAULT_ALPHA) if shape.alpha is None and family is None else shape
        given = _Request(images, family or "mobilenet_v1", small, teacher, epochs, _aware(epochs, qat=qat), seed)
    _train(given, output or Path(f"{'digits' if images is None else images.resolve().name}.tflite"), keras, as_json)


def _aware(epochs: int, *, qat: bool) -> int:
    return max(epochs // AWARE_SHARE, 1) if qat else 0


def _train(given: _Request, output: Path, keras: Path | None, as_json: bool) -> None:
    from depthwise.host.train.quiet import require_tensorflow

    require_tensorflow()
    from depthwise.host.train import results
    from depthwise.host.train.progress import training_progress
    from depthwise.host.train.recipe import train

    if keras is not None and keras.suffix != ".keras":
        raise InputError(f"{keras} does not end in .keras", f"--keras {keras.with_suffix('.keras')}")
    data = _data(given, quiet=as_json)
    recipe = _recipe(given, data)
    with training_progress(quiet=as_json) as (report, stages):
        trained = train(data, recipe, report)
    with progress("measuring", None, quiet=as_json):
        written, card = results.write(output, data, recipe, trained)
        if keras is not None:
            trained.keras.save(keras)
    if as_json:
        print_json({**card, "written": [str(written.model), str(written.card), str(written.pictures)]})
        return
    for stage, epoch in stages.last.items():
        right = f"{100 * epoch.accuracy:.1f}% of {len(data.validation.labels)} validation pictures right"
        out().print(f"[bold]{stage}[/bold]: {epoch.number} epochs, loss {epoch.loss:.3f}, {right}", soft_wrap=True)
    _show(card, written.model, written.card, written.pictures)


def _data(given: _Request, *, quiet: bool) -> "Data":
    from depthwise.host.train.data import digits_data, folder_data

    if given.images is None:
        return digits_data(given.seed)
    made = architecture(given.family, _shape_for_images(given.shape))
    with progress("reading images", None, quiet=quiet) as report:
        return folder_data(given.images, made.image[0], made.image[2], given.seed, report)


def _shape_for_images(shape: Shape) -> Shape:
    return shape if shape.resolution is not None else replace(shape, resolution=DEFAULT_SIDE)


def _recipe(given: _Request, data: "Data") -> "Recipe":
    from depthwise.host.train.fit import Budget
    from depthwise.host.train.recipe import Recipe

    if given.shape.classes not in (None, len(data.classes)):
        raise InputError(f"--classes says {given.shape.classes}, the pictures show {len(data.classes)}", "leave it out")
    height, _, channels = data.shape
    fitted = replace(given.shape, classes=len(data.classes), resolution=height, image_channels=channels)
    student = architecture(given.family, fitted)
    if student.image != data.shape:
        raise InputError(f"{given.family} reads images {student.image}, these are {data.shape}", "take another --arch")
    return Recipe(student, Budget(given.epochs, seed=given.seed), given.aware_epochs, _teacher(given, fitted, data))


def _teacher(given: _Request, fitted: Shape, data: "Data") -> Any:
    if given.teacher is None:
        return None
    if given.teacher == WIDE:
        return architecture(given.family, replace(fitted, alpha=WIDER * (fitted.alpha or 1.0)))
    from depthwise.host.train.teachers import teacher_from

    return teacher_from(Path(given.teacher), data)


def _show(card: dict[str, Any], model: Path, *others: Path) -> None:
    facts, measured = card["model"], card["measured"]
    print_: Callable[..., None] = out().print
    print_(
        f"[bold]network[/bold]: {facts['architecture']}, {facts['macs']:,} MACs, {facts['parameters']:,} parameters",
        soft_wrap=True,
    )
    print_(f"[bold]int8[/bold]: quantized {card['training']['quantization']}", soft_wrap=True)
    for kind in ("float", "int8"):
        found = measured[f"test_{kind}"]
        print_(f"[bold]test, {kind}[/bold]: {found['right']} of {found['of']} right, {100 * found['accuracy']:.1f}%")
    names = ", ".join(str(path) for path in others)
    print_(f"\n{model}: {facts['bytes']:,} bytes; beside it {names}", soft_wrap=True)
    print_(f"next: depthwise demo{'' if model == Path('digits.tflite') else f' --model {model}'}", soft_wrap=True)
