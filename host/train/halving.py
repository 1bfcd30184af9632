"""Which network suits the pictures: all are trained a little, the better half a little more, the best to the end.

Successive halving: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization"
(2016). A network that is dropped has taken a share of its epochs only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .candidates import Candidate
from .checkpoints import Best, key_of, restored, save
from .fit import Epoch, Training, TrainingBudget, next_epoch
from .keras_network import Keras
from .model_training import started
from .pretrained import Pretrained, take_trunk
from .quiet import repeatable
from .recipe import EpochProgress
from .training_data import TrainingData
from .tried import Tried

# Shares of the epochs after which the worse half goes.
RUNGS: Final = (4, 2)
PATIENT_SHARE: Final = 3  # of the epochs
LEAST_PATIENCE: Final = 15


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The best network, trained to the end, its pictures, its epochs, and all that were tried, the best first."""

    data: TrainingData
    model: Keras
    epochs: tuple[Epoch, ...]
    tried: tuple[Tried, ...]


@dataclass(slots=True, eq=False)
class _Runner:
    """A network under training, kept in a file."""

    candidate: Candidate
    model: Keras
    training: Training
    file: Path
    key: str
    history: list[Epoch]
    best: Best | None

    def rank(self, until: int) -> tuple[float, float, int]:
        """Order after so many epochs: by the best of them, then the least work."""
        return *best_of(self.history[:until]).rank, self.candidate.macs


def search(
    found: tuple[Candidate, ...],
    data_of: Callable[[Candidate], TrainingData],
    budget: TrainingBudget,
    report: EpochProgress,
    *,
    folder: Path,
    start: Pretrained | None = None,
) -> Found:
    """Train candidates side by side, drop the worse half twice, and finish the best, with its best weights.

    How far each is, is kept in `folder`: the same search goes on from there, to the same end. `start` are weights to
    begin with. Raises InputError where these do not fit.
    """
    runners = [_started(candidate, data_of(candidate), budget, folder, start) for candidate in found]
    left = runners
    for share in (*(RUNGS if len(runners) > 1 else ()), 1):
        until = max(budget.epochs // share, 1)
        for runner in left:
            _advance(runner, until, report, patience=patience(budget) if share == 1 else None)
        left = sorted(left, key=lambda r: r.rank(until))[: -(-len(left) // 2) if share > 1 else None]
    winner = min(left, key=lambda r: r.rank(budget.epochs))
    assert winner.best is not None
    winner.model.set_weights(winner.best.weights)
    others = sorted((r for r in runners if r is not winner), key=lambda r: (-len(r.history), *r.rank(budget.epochs)))
    return Found(winner.training.data, winner.model, tuple(winner.history), tuple(map(_tried, (winner, *others))))


def best_of(epochs: Sequence[Epoch]) -> Epoch:
    """The epoch whose weights would be kept: the last one, at a high learning rate, is a matter of luck."""
    return min(epochs, key=lambda epoch: epoch.rank)


def patience(budget: TrainingBudget) -> int:
    """Epochs without a better one after which training ends."""
    return max(budget.epochs // PATIENT_SHARE, LEAST_PATIENCE)


def _tried(runner: _Runner) -> Tried:
    count, epoch = len(runner.history), best_of(runner.history)
    return Tried(candidate=runner.candidate, epochs=count, loss=epoch.loss, accuracy=epoch.accuracy)


def _started(
    candidate: Candidate, data: TrainingData, budget: TrainingBudget, folder: Path, start: Pretrained | None
) -> _Runner:
    repeatable(budget.seed)
    model, training = started(data, candidate.architecture, budget, None)
    if start is not None:
        take_trunk(model, start)
    sha256 = "" if start is None else start.sha256
    file, key = folder / f"{candidate.name}.npz", key_of((candidate.architecture, sha256), data, budget)
    history, best = restored(file, key, model, training) or ([], None)
    return _Runner(candidate, model, training, file, key, history, best)


def _advance(runner: _Runner, until: int, report: EpochProgress, *, patience: int | None) -> None:
    while len(runner.history) < until:
        number = len(runner.history) + 1
        if patience is not None and runner.best is not None and number - runner.best.epoch.number > patience:
            return
        epoch = next_epoch(runner.training, number)
        runner.history.append(epoch)
        if runner.best is None or epoch.rank <= runner.best.epoch.rank:
            runner.best = Best(epoch, runner.model.get_weights())
        save(runner.file, runner.key, runner.model, runner.training, history=runner.history, best=runner.best)
        report(runner.candidate.name, epoch, runner.training.budget.epochs)
