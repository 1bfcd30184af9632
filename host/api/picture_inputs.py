"""Labelled pictures as the int8 inputs of a project, and how often a board is right about them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.golden.answers import classes_told
from depthwise.codegen.graph import Array, Graph, Tensor
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.host.data.calibration import DataOptions, PixelRange, data_from, in_range
from depthwise.host.data.confusion import Confusion, confusion_of
from depthwise.host.data.labelled import Labels
from depthwise.host.project import Project
from depthwise.host.verify.board_answers import Answer

from .evaluating import confusion_card
from .verifying import NamedValues

LAYOUT: Final = "give a folder with one folder of pictures for each class"
LEVELS: Final = 255


@dataclass(frozen=True, slots=True, eq=False)
class PictureInputs:
    """Pictures as the network takes them, by name, the class each has to be answered with, and the classes' names."""

    inputs: NamedValues
    wanted: Labels
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What a board takes for what, what the golden model does, and both answers to every picture."""

    board: Confusion
    golden: Confusion
    pictures: tuple[tuple[str, int, Answer], ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data: pictures by name, with the class that they show and the two that were answered."""
        names = self.board.classes
        pictures = [
            {"picture": picture, "shown": names[shown], "board": names[a.board], "golden": names[a.golden]}
            for picture, shown, a in self.pictures
        ]
        return {
            "names": list(names),
            "board": confusion_card(self.board),
            "golden": confusion_card(self.golden),
            "pictures": pictures,
        }


def picture_inputs(project: Project, folder: Path, within: PixelRange | None, limit: int) -> PictureInputs:
    """Pictures of FOLDER/CLASS/…, scaled to the network's size, as it takes them.

    `within` is what pixel values 0 and 255 are to the network; without it all that its input can hold: int8 inputs are
    `pixel - 128`. Raises InputError for a folder without classes, or of others than the network's, for a network with
    several inputs or with a state, and for a picture that cannot be read.
    """
    graph = project.graph
    if len(graph.inputs) != 1 or graph.states:
        what = "keeps a state" if graph.states else f"has {len(graph.inputs)} inputs"
        raise InputError(f"{graph.name} {what}, a picture is one input", "give its inputs by --input FILE")
    span = within or _span(graph.tensors[graph.inputs[0]])
    given = data_from(graph, folder, DataOptions(span, resize=True, limit=limit))
    if given.labelled is None:
        raise InputError(f"{folder} has no folders of pictures for classes", LAYOUT)
    names = tuple(project.manifest.get("labels", ()))
    told_apart = classes_told(graph)
    wanted = given.labelled.as_scores(names, told_apart)
    levels = ({graph.inputs[0]: quantized_input(graph, picture, span)} for picture in given.batches(1))
    inputs: NamedValues = list(zip(given.labelled.names, levels, strict=True))
    return PictureInputs(inputs, wanted, names if len(names) == told_apart else given.labelled.classes)


def pixel_levels(graph: Graph, within: PixelRange | None) -> Array:
    """What pixel values 0 to 255 become as inputs of the network, int8 [256]; `within` as for `picture_inputs`."""
    span = within or _span(graph.tensors[graph.inputs[0]])
    return quantized_input(graph, in_range(np.arange(LEVELS + 1), DataOptions(span)), span)


def accuracy(given: PictureInputs, answers: tuple[Answer, ...]) -> Accuracy:
    """How often a board, and the golden model, are right about the pictures that were compared."""
    wanted = given.wanted[: len(answers)]
    board, golden = (np.array(found, np.int64) for found in zip(*((a.board, a.golden) for a in answers), strict=True))
    told = tuple(zip((name for name, _ in given.inputs), wanted.tolist(), answers, strict=False))
    taken = [confusion_of(given.classes, wanted, found) for found in (board, golden)]
    return Accuracy(taken[0], taken[1], told)


def _span(tensor: Tensor) -> PixelRange:
    q = quantization_of(tensor)
    low = (int(np.iinfo(tensor.dtype.value).min) - q.zero_point) * q.scale
    return low, low + LEVELS * q.scale
