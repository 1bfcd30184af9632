"""What is wrong with a training, as far as numbers tell it, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np

from depthwise.host.data.confusion import Confusion

from .training_data import Pictures, TrainingData

SIGMAS: Final = 2.0  # better than guessing by less than that is no better
GAP: Final = 0.15  # between training and test pictures
GOOD: Final = 0.9
FEW: Final = 50  # training pictures of a class
UNEVEN: Final = 4  # times as many pictures of one class as of another
ALIKE: Final = 0.2  # of a class taken for another one


@dataclass(frozen=True, slots=True)
class TrainingFinding:
    """One sentence about what is wrong, and the next step."""

    text: str
    hint: str


def findings(data: TrainingData, tested: Confusion, trained_accuracy: float) -> tuple[TrainingFinding, ...]:
    """All that stands out, the gravest first; `trained_accuracy` is that of pictures it was trained with."""
    about_training = (*_guessing(tested, trained_accuracy), *_learnt_by_heart(tested, trained_accuracy))
    return (*about_training, *_pictures(data), *_alike(tested))


def _guessing(tested: Confusion, trained: float) -> Iterator[TrainingFinding]:
    shown = tested.shown
    chance = float(shown.max() / shown.sum())
    error = (chance * (1 - chance) / shown.sum()) ** 0.5
    if tested.accuracy > chance + SIGMAS * error:
        return
    text = f"{tested.accuracy:.0%} of test pictures right is no better than guessing, {chance:.0%}"
    if trained > GOOD:
        yield TrainingFinding(
            text, "it knows its training pictures by heart: add pictures, they are too few or too unlike"
        )
    else:
        yield TrainingFinding(text, "train longer (--epochs), or let the network be chosen (leave --arch out)")


def _learnt_by_heart(tested: Confusion, trained: float) -> Iterator[TrainingFinding]:
    if trained - tested.accuracy > GAP:
        text = f"{trained:.0%} of training pictures are right, {tested.accuracy:.0%} of test pictures"
        yield TrainingFinding(text, "add pictures, of other places, light and distance")


def _pictures(data: TrainingData) -> Iterator[TrainingFinding]:
    counts = np.bincount(data.training.labels, minlength=len(data.classes))
    least, most = int(counts.argmin()), int(counts.argmax())
    if counts[least] < FEW:
        text = f"class {data.classes[least]} has {counts[least]} training pictures"
        yield TrainingFinding(text, f"{FEW} and more of each class are a start")
    if counts[most] >= UNEVEN * counts[least]:
        text = f"{counts[most]} training pictures of {data.classes[most]}, {counts[least]} of {data.classes[least]}"
        yield TrainingFinding(text, f"add pictures of {data.classes[least]}")
    twice = _shared(data.training, data.test) + _shared(data.training, data.validation)
    if twice:
        text = f"{twice} pictures to test with are training pictures too, or look the same at this size"
        yield TrainingFinding(text, "remove copies: the figures above are better than the network is")
    unlike = _contradicting(data)
    if unlike:
        yield TrainingFinding(f"{unlike} pictures are in more than one class", "see which class is right")


def _alike(tested: Confusion) -> Iterator[TrainingFinding]:
    share = tested.counts / np.maximum(tested.shown, 1)[:, None]
    np.fill_diagonal(share, 0)
    shown, found = np.unravel_index(int(share.argmax()), share.shape)
    if share[shown, found] > ALIKE:
        names = tested.classes[shown], tested.classes[found]
        text = f"{share[shown, found]:.0%} of {names[0]} are taken for {names[1]}"
        yield TrainingFinding(
            text, f"look at both: add pictures that tell {names[0]} and {names[1]} apart, or make them one"
        )


def _marks(pictures: Pictures) -> list[bytes]:
    return [sha256(image.tobytes()).digest() for image in pictures.images]


def _shared(these: Pictures, those: Pictures) -> int:
    known = set(_marks(these))
    return sum(mark in known for mark in _marks(those))


def _contradicting(data: TrainingData) -> int:
    seen: dict[bytes, set[int]] = {}
    for part in (data.training, data.validation, data.test):
        for mark, label in zip(_marks(part), part.labels, strict=True):
            seen.setdefault(mark, set()).add(int(label))
    return sum(len(labels) > 1 for labels in seen.values())
