"""How long to train, and in what batches: as many pictures ask for, unless it was said."""

from typing import Final

from .fit import LEARNING_RATE, TrainingBudget
from .training_data import TrainingData
from .training_request import TrainingRequest

EPOCHS: Final = 40
MOST_EPOCHS: Final = 200
LEAST_STEPS: Final = 800
MANY: Final = 1000  # pictures that are enough for large batches
BATCH: Final = 32
SMALL_BATCH: Final = 16
FINE: Final = 0.25  # of the learning rate, from weights that know something
AWARE_SHARE: Final = 5  # of the epochs before, one in so many more


def budget_of(given: TrainingRequest, data: TrainingData) -> TrainingBudget:
    """Few pictures are taken in small batches and seen more often: training takes a number of steps."""
    count = len(data.training.labels)
    batch = BATCH if given.images is None or count >= MANY else SMALL_BATCH
    steps = -(-count // batch)
    enough = EPOCHS if given.images is None else min(max(EPOCHS, -(-LEAST_STEPS // steps)), MOST_EPOCHS)
    rate = LEARNING_RATE * (1.0 if given.weights is None else FINE)
    return TrainingBudget(given.epochs or enough, learning_rate=rate, batch=batch, seed=given.seed)


def aware_epochs(given: TrainingRequest, budget: TrainingBudget) -> int:
    """Epochs of quantization-aware training behind the others."""
    return max(budget.epochs // AWARE_SHARE, 1) if given.aware else 0
