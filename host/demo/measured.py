"""How many pictures a network classifies right, as model cards say it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Pictures classified right, and how many there were."""

    right: int
    of: int

    @property
    def accuracy(self) -> float:
        """Share that is right."""
        return self.right / self.of

    def card(self) -> dict[str, float]:
        """As a model card says it."""
        return {"right": self.right, "of": self.of, "accuracy": round(self.accuracy, 4)}
