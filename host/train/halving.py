"""Which network suits the pictures: all are trained a little, the better half a little more, the best to the end.

Successive halving: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization"
(2016). A network that is dropped has taken a share of its epochs only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from .candidates import Candidate
from .fit import Epoch, TrainingBudget
from .keras_network import Keras
from .quiet import repeatable
from .recipe import EpochProgress, training
from .training_data import TrainingData

# Shares of the epochs after which the worse half goes.
RUNGS: Final = (4, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How far a network was trained, and how well it did on validation pictures then."""

    candidate: Candidate
    epochs: int
    loss: float
    accuracy: float

    def card(self) -> dict[str, Any]:
        """As a model card says it."""
        fit = self.candidate.fit
        costs = {} if fit is None else {"ram_needed": fit.ram_needed, "flash_needed": fit.flash_needed}
        time = {} if fit is None or fit.milliseconds is None else {"milliseconds": round(fit.milliseconds, 1)}
        found = {"epochs": self.epochs, "validation_accuracy": round(self.accuracy, 4)}
        return {"architecture": self.candidate.name, "macs": self.candidate.macs, **costs, **time, **found}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The best network, trained to the end, its pictures, and all that were tried, the best first."""

    data: TrainingData
    model: Keras
    tried: tuple[Tried, ...]


@dataclass(slots=True, eq=False)
class _Runner:
    """A network under training."""

    candidate: Candidate
    data: TrainingData
    model: Keras
    epochs: Iterator[Epoch]
    last: Epoch

    @property
    def rank(self) -> tuple[float, float, int]:
        """Order: what is right most often, then the least loss, then the least work."""
        return -self.last.accuracy, self.last.loss, self.candidate.macs


def search(
    found: tuple[Candidate, ...],
    data_of: Callable[[Candidate], TrainingData],
    budget: TrainingBudget,
    report: EpochProgress,
) -> Found:
    """Train candidates side by side, drop the worse half twice, and finish the best."""
    runners = [_started(candidate, data_of(candidate), budget) for candidate in found]
    left = runners
    for share in (*RUNGS, 1):
        for runner in left:
            _advance(runner, max(budget.epochs // share, 1), budget, report)
        left = sorted(left, key=lambda r: r.rank)[: 1 if share == 1 else -(-len(left) // 2)]
    others = sorted((r for r in runners if r is not left[0]), key=lambda r: (-r.last.number, *r.rank))
    tried = tuple(
        Tried(candidate=r.candidate, epochs=r.last.number, loss=r.last.loss, accuracy=r.last.accuracy)
        for r in (left[0], *others)
    )
    return Found(left[0].data, left[0].model, tried)


def _started(candidate: Candidate, data: TrainingData, budget: TrainingBudget) -> _Runner:
    repeatable(budget.seed)
    model, epochs = training(data, candidate.architecture, budget, None)
    return _Runner(candidate, data, model, epochs, Epoch(0, 0.0, 0.0))


def _advance(runner: _Runner, until: int, budget: TrainingBudget, report: EpochProgress) -> None:
    while runner.last.number < until:
        runner.last = next(runner.epochs)
        report(runner.candidate.name, runner.last, budget.epochs)
