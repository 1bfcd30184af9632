"""The networks that were tried, and which of them nothing else surpasses: the front of accuracy, time and RAM."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .candidates import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """For how many epochs a network was trained, and how well the best of them did on validation pictures."""

    candidate: Candidate
    epochs: int
    loss: float
    accuracy: float

    @property
    def time(self) -> float:
        """Milliseconds that are predicted for the board; multiplications where no time is."""
        fit = self.candidate.fit
        return self.candidate.macs if fit is None or fit.milliseconds is None else fit.milliseconds

    def card(self) -> dict[str, Any]:
        """As a model card says it."""
        fit = self.candidate.fit
        costs = {} if fit is None else {"ram_needed": fit.ram_needed, "flash_needed": fit.flash_needed}
        time = {} if fit is None or fit.milliseconds is None else {"milliseconds": round(fit.milliseconds, 1)}
        found = {"epochs": self.epochs, "validation_accuracy": round(self.accuracy, 4)}
        known = {"macs": self.candidate.macs, "ram_bytes": self.candidate.ram_bytes}
        return {"architecture": self.candidate.name, **known, **costs, **time, **found}


def cards(tried: Sequence[Tried]) -> list[dict[str, Any]]:
    """All of them as a model card says it, each with whether it is on the front."""
    return [{**one.card(), "on_front": one in front(tried)} for one in tried]


def front(tried: Sequence[Tried]) -> tuple[Tried, ...]:
    """Those that no other one equals in accuracy, time and RAM and surpasses in one of them, in their order."""
    return tuple(one for one in tried if not any(_surpasses(other, one) for other in tried))


def _surpasses(one: Tried, other: Tried) -> bool:
    mine, theirs = _figures(one), _figures(other)
    return mine != theirs and all(a <= b for a, b in zip(mine, theirs, strict=True))


def _figures(one: Tried) -> tuple[float, float, float]:
    """What is better the less it is."""
    return -one.accuracy, one.time, one.candidate.ram_bytes
