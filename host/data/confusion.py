"""Which class is taken for which, and how often each is right."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """Counts [C, C] of pictures: a row for each class that they show, a column for each that was found."""

    classes: tuple[str, ...]
    counts: Counts

    @property
    def shown(self) -> Counts:
        """Pictures of each class."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def found(self) -> Counts:
        """How often each class was found."""
        return np.asarray(self.counts.sum(axis=0))

    @property
    def right(self) -> Counts:
        """Pictures of each class that are classified right."""
        return np.asarray(np.diagonal(self.counts))

    @property
    def accuracy(self) -> float:
        """Share of all pictures that are right."""
        return float(self.right.sum() / max(self.counts.sum(), 1))

    def card(self) -> dict[str, Any]:
        """As a model card says it: the counts, recall and precision of each class; 0 where nothing is to divide by."""
        recall, precision = (self.right / np.maximum(n, 1) for n in (self.shown, self.found))
        of_class = {
            name: {"pictures": int(n), "recall": round(float(r), 4), "precision": round(float(p), 4)}
            for name, n, r, p in zip(self.classes, self.shown, recall, precision, strict=True)
        }
        return {"counts": self.counts.tolist(), "classes": of_class}


def confusion_of(classes: tuple[str, ...], shown: Counts, found: Counts) -> Confusion:
    """Count pictures by the numbers of their class and of the one that was found, [N] each."""
    counts = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(counts, (shown, found), 1)
    return Confusion(classes, counts)
