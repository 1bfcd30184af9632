"""What is wrong with labelled pictures, as far as it can be seen before anything is trained with them.

Copies are found by their bytes; near copies, as of one scene a moment later, by how little they differ when small, gray
and of the same contrast. Needs no TensorFlow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .small_pictures import small
from .training_data import Pictures, TrainingData

FEW: Final = 50  # training pictures of a class
UNEVEN: Final = 4  # times as many pictures of one class as of another
NEARLY: Final = 0.998  # correlation of small pictures
COMPARED: Final = 1000  # pictures of a part at most
Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrainingFinding:
    """One sentence about what is wrong, and the next step."""

    text: str
    hint: str


def picture_findings(data: TrainingData) -> tuple[TrainingFinding, ...]:
    """All that stands out about the pictures: how many there are, copies, near copies, those in two classes."""
    return (*_counted(data), *_copies(data), *_near(data))


def _counted(data: TrainingData) -> Iterator[TrainingFinding]:
    counts = np.bincount(data.training.labels, minlength=len(data.classes))
    least, most = int(counts.argmin()), int(counts.argmax())
    if counts[least] < FEW:
        text = f"class {data.classes[least]} has {counts[least]} training pictures"
        yield TrainingFinding(text, f"{FEW} and more of each class are a start")
    if counts[most] >= UNEVEN * counts[least]:
        text = f"{counts[most]} training pictures of {data.classes[most]}, {counts[least]} of {data.classes[least]}"
        yield TrainingFinding(text, f"add pictures of {data.classes[least]}")


def _copies(data: TrainingData) -> Iterator[TrainingFinding]:
    twice = _shared(data.training, data.test) + _shared(data.training, data.validation)
    if twice:
        text = f"{twice} pictures to test with are training pictures too, or look the same at this size"
        yield TrainingFinding(text, "remove copies: the figures above are better than the network is")
    within = _repeated(data.training)
    if within:
        names = _named(data.training, within[0])
        yield TrainingFinding(f"{len(within)} training pictures are copies of others{names}", "remove copies")
    unlike = _contradicting(data)
    if unlike:
        yield TrainingFinding(f"{unlike} pictures are in more than one class", "see which class is right")


def _near(data: TrainingData) -> Iterator[TrainingFinding]:
    """Near copies between classes, and between training and test pictures; copies are told of already."""
    training, test = (_some(part) for part in (data.training, data.test))
    across = _nearly(training, training)
    across = across[training.labels[across[:, 0]] < training.labels[across[:, 1]]]
    if len(across):
        one, other = (data.classes[label] for label in training.labels[across[0]])
        text = f"{len(across)} pairs of pictures in two classes are nearly the same{_named(training, across[0])}"
        yield TrainingFinding(text, f"see which class is right, or make {one} and {other} one")
    leaked = _nearly(test, training)
    if len(leaked):
        text = f"{len(np.unique(leaked[:, 0]))} pictures to test with are nearly training pictures"
        yield TrainingFinding(
            text, "take pictures to test with at another time: the figures are better than the network"
        )


def _some(pictures: Pictures) -> Pictures:
    chosen = np.random.default_rng(0).permutation(len(pictures.labels))[:COMPARED]
    names = tuple(pictures.names[i] for i in chosen) if pictures.names else ()
    return Pictures(pictures.images[chosen], pictures.labels[chosen], names)


def _nearly(these: Pictures, those: Pictures) -> Pairs:
    """Pairs [N,2] of pictures that are nearly, and not wholly, the same."""
    one, other = (small(part.images).reshape(len(part.labels), -1) for part in (these, those))
    near = np.argwhere(one @ other.T > NEARLY * one.shape[1])
    same = [np.array_equal(these.images[i], those.images[j]) for i, j in near]
    return np.asarray(near[~np.array(same, bool)], np.int64)


def _named(pictures: Pictures, pair: Pairs | tuple[int, int]) -> str:
    return f", {pictures.names[pair[0]]} and {pictures.names[pair[1]]} for one" if pictures.names else ""


def _marks(pictures: Pictures) -> list[bytes]:
    return [sha256(image.tobytes()).digest() for image in pictures.images]


def _shared(these: Pictures, those: Pictures) -> int:
    known = set(_marks(these))
    return sum(mark in known for mark in _marks(those))


def _repeated(pictures: Pictures) -> list[tuple[int, int]]:
    """Pictures that are there already, in the same class: the first of them, and the copy."""
    seen: dict[tuple[bytes, int], int] = {}
    marks = zip(_marks(pictures), pictures.labels.tolist(), strict=True)
    return [(seen[mark], at) for at, mark in enumerate(marks) if seen.setdefault(mark, at) != at]


def _contradicting(data: TrainingData) -> int:
    seen: dict[bytes, set[int]] = {}
    for part in (data.training, data.validation, data.test):
        for mark, label in zip(_marks(part), part.labels, strict=True):
            seen.setdefault(mark, set()).add(int(label))
    return sum(len(labels) > 1 for labels in seen.values())
