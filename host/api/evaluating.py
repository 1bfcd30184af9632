"""How often a float network and its int8 form are right on labelled inputs, class by class, and what to do then."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from depthwise.codegen.golden.answers import classes_told
from depthwise.codegen.graph import Graph
from depthwise.codegen.quantize.loss_report import LossReport
from depthwise.host.data.confusion import Confusion, confusion_of
from depthwise.host.data.labelled import Labelled

SIGMAS: Final = 2.0  # fewer than that by which chance differs is no loss


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the float network takes for what, and what the int8 network does, with the arithmetic of boards."""

    real: Confusion
    int8: Confusion

    def as_json(self) -> dict[str, Any]:
        """Plain data, with the next step."""
        both = {name: confusion_card(confusion) for name, confusion in (("float", self.real), ("int8", self.int8))}
        return {"names": list(self.int8.classes), **both, "next": self.next_step}

    @property
    def next_step(self) -> str:
        """What to do about it, in a line; empty where all is well."""
        counted = int(self.real.counts.sum())
        chance = float(self.real.shown.max() / max(counted, 1))
        if self.real.accuracy <= chance + _error(chance, counted):
            return (
                f"the float network is no better than guessing, {chance:.0%}: see whether --range is as in training, "
                "and the order of folders (by name) that of its scores (--labels FILE)"
            )
        lost = self.real.accuracy - self.int8.accuracy
        if lost > _error(self.real.accuracy, counted):
            return (
                f"rounding costs {lost:.1%}: try another --calibration, more of the training inputs by --data, "
                "or train with rounding (depthwise train --qat)"
            )
        return ""


def _error(share: float, count: int) -> float:
    return SIGMAS * math.sqrt(share * (1 - share) / max(count, 1))


def confusion_card(confusion: Confusion) -> dict[str, Any]:
    """A confusion as plain data: how many are right, counts, recall and precision of each class."""
    right, of = int(confusion.right.sum()), int(confusion.counts.sum())
    return {"right": right, "of": of, "accuracy": round(confusion.accuracy, 4), **confusion.card()}


def evaluation(graph: Graph, found: LossReport, shown: Labelled, names: tuple[str, ...]) -> Evaluation:
    """Hold the answers of both networks against what inputs show; `names` of the scores, none if they have no names.

    Raises InputError where the folders are not the classes that the network tells apart.
    """
    told_apart = classes_told(graph)
    wanted, answers = shown.as_scores(names, told_apart), np.array(found.answers, np.int64)
    named = names if len(names) == told_apart else shown.classes
    return Evaluation(*(confusion_of(named, wanted, answers[:, kind]) for kind in range(2)))
