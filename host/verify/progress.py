"""What a verification is doing, for whoever shows it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """`done` of `total` (None: unknown) steps of `what` are behind."""

    what: str
    done: int
    total: int | None


Watch = Callable[[Step], None]


def nobody(_: Step) -> None:
    """Watches nothing."""
