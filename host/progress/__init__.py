"""How far a piece of work is, told to whoever shows it: a terminal, another program, nobody."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int], None]  # is told (done, total)


@dataclass(frozen=True, slots=True)
class Step:
    """`done` of `total` (None: unknown) steps of `what` are behind."""

    what: str
    done: int
    total: int | None


StepProgress = Callable[[Step], None]


def nobody(*_: object) -> None:
    """Is told, and shows nothing."""
