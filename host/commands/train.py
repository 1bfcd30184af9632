"""`depthwise train`: pictures in, a small int8 network out, measured and ready for a board."""

from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Final

import click

from depthwise.codegen.errors import InputError
from depthwise.codegen.targets.boards import board
from depthwise.codegen.zoo.catalogue import FAMILIES, Scaling
from depthwise.host.console import out, print_json
from depthwise.host.demo import MODEL
from depthwise.host.train.outputs import Outputs, outputs
from depthwise.host.train.published_trunks import trunk_named
from depthwise.host.train.quiet import require_tensorflow
from depthwise.host.train.training_request import TrainingRequest

from .grouped_options import grouped
from .known_names import board_option
from .size_type import size
from .train_views import show_card
from .zoo_options import shape_options

DEFAULT_ALPHA: Final = 0.25


@dataclass(frozen=True, slots=True)
class Learning:
    """How is learnt: from whom, with what rounding, for how long."""

    teacher: str | None
    weights: str | None
    qat: bool
    epochs: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the network is to run, how long an inference may take there, and how much RAM it may need."""

    board: str | None
    milliseconds: float | None
    ram: int | None


place_options: Final = grouped(
    "place",
    Place,
    board_option(metavar="NAME", help="Try networks that fit this board."),
    click.option("--ms", "milliseconds", type=float, metavar="N", help="… and are predicted to take N ms at most."),
    click.option("--ram", type=size, metavar="SIZE", help="Prune the network to that RAM, such as 4K, and train on."),
)

learning_options: Final = grouped(
    "learning",
    Learning,
    click.option(
        "--teacher", metavar="wide|FILE", help="Learn from a wider net trained first, or a .keras, .tflite file."
    ),
    click.option(
        "--weights",
        metavar="FILE|imagenet",
        help="Start from a .keras file with the same trunk, or what Keras fetches (keras:MobileNetV2, too).",
    ),
    click.option("--qat", is_flag=True, help="Go on training with int8 rounding, instead of quantizing afterwards."),
    click.option("--epochs", type=click.IntRange(1, 10_000), help="[default: 40, more where there are few pictures]"),
    click.option("--seed", default=1, show_default=True, help="Decides everything that is random."),
)


@click.command("train")
@click.option("--digits", is_flag=True, help="Train on the digits that come with scikit-learn.")
@click.option("--images", type=click.Path(path_type=Path), help="Train on FOLDER/CLASS/image files.", metavar="FOLDER")
@click.option(
    "--arch",
    "family",
    type=click.Choice([name for name, family in FAMILIES.items() if not family.streaming]),
    help="Network family of the zoo.  [default: several are tried]",
    metavar="NAME",
)
@shape_options
@place_options
@learning_options
@click.option("-o", "--out", "output", type=click.Path(path_type=Path), help="Model to write (default: digits.tflite).")
@click.option("--keras", type=click.Path(path_type=Path), help="Write the float network as .keras, too.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--json", "as_json", is_flag=True, help="Print the model card as JSON.")
def command(
    *,
    digits: bool,
    images: Path | None,
    family: str | None,
    shape: Scaling,
    place: Place,
    learning: Learning,
    output: Path | None,
    keras: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Train a small network, quantize it to int8, and measure it on pictures that it has never seen.

    Writes the model, NAME.json (its card) and NAME_test.npz (test pictures). Needs the `train` extra (TensorFlow).

    \b
    depthwise train --digits && depthwise demo   from nothing to a verified board
    depthwise train --images pets --qat          pets/cat/*.jpg, pets/dog/*.jpg
    """  # noqa: D301 - click's mark for lines that are not wrapped
    if digits == (images is not None):
        raise InputError("train on either --digits or --images FOLDER", "depthwise train --digits")
    name = "digits" if images is None else images.resolve().name
    taught_by = None if learning.teacher is None else Path(learning.teacher)
    to = outputs(output or Path(f"{name}.tflite"), keras, taught_by, force=force)
    family = _family(family, learning.weights)
    _train(_request(images, family, shape, place, learning), to, as_json=as_json)


def _family(given: str | None, weights: str | None) -> str | None:
    """The family that was asked for, or the one that weights by name are of."""
    trunk = None if weights is None else trunk_named(weights, given)
    return given if trunk is None else trunk.family


def _request(
    images: Path | None, family: str | None, shape: Scaling, place: Place, learning: Learning
) -> TrainingRequest:
    if place.board is not None and (family is not None or images is None or learning.teacher is not None):
        raise InputError("--board chooses among networks that are tried", "leave out --arch, --digits and --teacher")
    if place.milliseconds is not None and place.board is None:
        raise InputError("--ms is the time of an inference on a board", "give --board, too")
    if learning.weights is not None and (family is None or images is None or learning.teacher is not None):
        raise InputError("--weights are those of one network", "give --arch and --images, leave out --teacher")
    if learning.teacher is not None and images is not None and shape.alpha is None and family is None:
        shape = replace(shape, alpha=DEFAULT_ALPHA)
    return TrainingRequest(
        images=images,
        family=family or ("digits" if images is None else None),
        board=None if place.board is None else board(place.board),
        milliseconds=place.milliseconds,
        shape=shape,
        teacher=learning.teacher,
        epochs=learning.epochs,
        aware=learning.qat,
        seed=learning.seed,
        weights=learning.weights,
        ram_bytes=place.ram,
    )


def _train(given: TrainingRequest, to: Outputs, *, as_json: bool) -> None:
    require_tensorflow()
    from depthwise.host.train.session import run  # noqa: PLC0415 - it needs TensorFlow

    card = run(given, to, quiet=as_json)
    if as_json:
        print_json({**card, "written": [str(path) for path in to.paths if path.exists()]})
        return
    show_card(card)
    beside = ", ".join(str(path) for path in to.paths[1:] if path.exists())
    out().print(f"\n{to.model}: {card['model']['bytes']:,} bytes; beside it {beside}", soft_wrap=True)
    found = "" if to.model == Path(MODEL.name) else f" --model {quote(str(to.model))}"
    out().print(f"next: depthwise demo{found}", soft_wrap=True)
