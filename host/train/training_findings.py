"""What is wrong with a training, as far as numbers tell it, and what to do about it."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from depthwise.host.data.confusion import Confusion

from .picture_findings import TrainingFinding, picture_findings
from .training_data import Floats, TrainingData

SIGMAS: Final = 2.0  # better than guessing by less than that is no better
GAP: Final = 0.15  # between training and test pictures
GOOD: Final = 0.9
SURE: Final = 0.7  # labels are smoothed: nothing is surer than 0.95
MOST_SUSPECTS: Final = 0.2  # of the training pictures: with more of them it is the network that is wrong
SUSPECTS_NAMED: Final = 5
ALIKE: Final = 0.2  # of a class taken for another one
LEAST_ALIKE: Final = 3  # pictures, of a class that has few to test with
TOO_FEW: Final = 20  # training pictures of a class: more time makes nothing of them


def findings(
    data: TrainingData, tested: Confusion, trained_accuracy: float, sure: Floats | None = None
) -> tuple[TrainingFinding, ...]:
    """All that stands out, the gravest first; `trained_accuracy` is that of pictures it was trained with.

    `sure` are the probabilities [N, classes] that it gives to the training pictures.
    """
    by_heart = tuple(_learnt_by_heart(tested, trained_accuracy))
    if _is_guessing(tested):  # which classes or pictures it takes for others then says nothing of them
        return (_guessing(data, tested, trained_accuracy), *by_heart, *picture_findings(data))
    suspects = () if sure is None else tuple(_suspects(data, sure))
    return (*by_heart, *picture_findings(data), *_alike(tested), *suspects)


def _chance(tested: Confusion) -> float:
    return float(tested.shown.max() / tested.shown.sum())


def _is_guessing(tested: Confusion) -> bool:
    chance = _chance(tested)
    deviation = (chance * (1 - chance) / float(tested.shown.sum())) ** 0.5
    return bool(tested.accuracy <= chance + SIGMAS * deviation)


def _guessing(data: TrainingData, tested: Confusion, trained: float) -> TrainingFinding:
    text = f"{tested.accuracy:.0%} of test pictures right is no better than guessing, {_chance(tested):.0%}"
    least = int(np.bincount(data.training.labels, minlength=len(data.classes)).min())
    if trained > GOOD:
        hint = "it knows its training pictures by heart: add pictures, they are too few or too unlike"
    elif least < TOO_FEW:
        hint = f"add pictures: {least} of a class to train with are too few"
    else:
        hint = "if a person tells them apart, train longer (--epochs) or let the network be chosen (leave --arch out)"
    return TrainingFinding(text, hint)


def _learnt_by_heart(tested: Confusion, trained: float) -> Iterator[TrainingFinding]:
    if trained - tested.accuracy > GAP:
        text = f"{trained:.0%} of training pictures are right, {tested.accuracy:.0%} of test pictures"
        yield TrainingFinding(text, "add pictures, of other places, light and distance")


def _alike(tested: Confusion) -> Iterator[TrainingFinding]:
    share = np.where(tested.counts >= LEAST_ALIKE, tested.counts / np.maximum(tested.shown, 1)[:, None], 0)
    np.fill_diagonal(share, 0)
    shown, found = np.unravel_index(int(share.argmax()), share.shape)
    if share[shown, found] > ALIKE:
        names = tested.classes[shown], tested.classes[found]
        text = f"{share[shown, found]:.0%} of {names[0]} are taken for {names[1]}"
        yield TrainingFinding(
            text, f"look at both: add pictures that tell {names[0]} and {names[1]} apart, or make them one"
        )


def _suspects(data: TrainingData, sure: Floats) -> Iterator[TrainingFinding]:
    """Training pictures that the network, which has learnt their label, still takes for another class, and is sure."""
    labels = data.training.labels
    found = sure.argmax(axis=1)
    wrong = np.flatnonzero((found != labels) & (sure.max(axis=1) > SURE))
    if not len(wrong) or not data.training.names or len(wrong) > MOST_SUSPECTS * len(labels):
        return
    worst = wrong[np.argsort(-sure[wrong].max(axis=1), kind="stable")][:SUSPECTS_NAMED]
    named = ", ".join(f"{data.training.names[i]} ({data.classes[found[i]]}?)" for i in worst)
    yield TrainingFinding(
        f"{len(wrong)} training pictures look like another class: {named}", "see whether they lie right"
    )
