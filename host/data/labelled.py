"""Which class each input of a folder shows: it has one folder of pictures or arrays for each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import InputError

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Names of classes, in order; for each input the number of the class that it shows, and what it is called."""

    classes: tuple[str, ...]
    shown: tuple[int, ...]
    names: tuple[str, ...]

    def as_scores(self, names: tuple[str, ...], told_apart: int) -> Labels:
        """For each input the number of the class that the network has to answer, [N], of those that it tells apart.

        `names` are those of its classes; without any, classes are in the order of the folders' names, as Keras'
        image_dataset_from_directory has them. Raises InputError for a folder that is no class of the network's.
        """
        if len(names) == told_apart:
            places = [_place(name, names) for name in self.classes]
            return np.array([places[number] for number in self.shown], np.int64)
        if len(self.classes) != told_apart:
            raise InputError(
                f"there are {len(self.classes)} folders of inputs, the network tells {told_apart} classes apart",
                "give a folder for each class, or the names of all scores (--labels FILE)",
            )
        return np.array(self.shown, np.int64)


def _place(name: str, names: tuple[str, ...]) -> int:
    if name not in names:
        raise InputError(f"folder {name} is no label, these are {', '.join(names)}", "call folders as labels are")
    return names.index(name)


def labelled(folder: Path, files: Sequence[Path], counts: Sequence[int]) -> Labelled | None:
    """What inputs show, by the folders that their files lie in; each file holds so many of them.

    None where files lie in `folder` itself, or in one folder alone.
    """
    places = [file.relative_to(folder).parts for file in files]
    names = tuple(sorted({parts[0] for parts in places}))
    if len(names) < 2 or any(len(parts) < 2 for parts in places):
        return None
    numbers = {name: number for number, name in enumerate(names)}
    inputs = [(parts, n, count) for parts, count in zip(places, counts, strict=True) for n in range(count)]
    called = tuple("/".join(parts) + (f" [{n}]" if count > 1 else "") for parts, n, count in inputs)
    return Labelled(names, tuple(numbers[parts[0]] for parts, _, _ in inputs), called)
