"""How long to train, and in what batches: as many pictures ask for, unless it was said."""

from typing import Final

from .fit import TrainingBudget
from .training_data import TrainingData
from .training_request import TrainingRequest

EPOCHS: Final = 40
MOST_EPOCHS: Final = 200
LEAST_STEPS: Final = 800
MANY: Final = 1000  # pictures that are enough for large batches
BATCH: Final = 32
SMALL_BATCH: Final = 16
AWARE_SHARE: Final = 5  # of the epochs before, one in so many more


def budget_of(given: TrainingRequest, data: TrainingData) -> TrainingBudget:
    """Few pictures are taken in small batches and seen more often: training takes a number of steps."""
    count = len(data.training.labels)
    batch = BATCH if given.images is None or count >= MANY else SMALL_BATCH
    steps = -(-count // batch)
    enough = EPOCHS if given.images is None else min(max(EPOCHS, -(-LEAST_STEPS // steps)), MOST_EPOCHS)
    return TrainingBudget(given.epochs or enough, batch=batch, seed=given.seed)


def aware_epochs(given: TrainingRequest, budget: TrainingBudget) -> int:
    """Epochs of quantization-aware training behind the others."""
    return max(budget.epochs // AWARE_SHARE, 1) if given.aware else 0
