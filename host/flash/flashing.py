"""Flashing with retries: one verdict in the end, and what to do next."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from depthwise.codegen.errors import FlashError, FlashInterruptedError
from depthwise.codegen.targets.boards import Board

from .flash_method import Job, Reached, TryOutcome
from .methods import METHODS, Choice

HALF_WRITTEN: Final = "its flash is half-written, nothing on this computer has changed"
SAME_AGAIN: Final = "check cable and supply, then run the same command again: it starts over and finishes it"
OPEN_HINTS: Final = (
    ("permission", "add yourself to the group that owns the port (often dialout) and log in again"),
    ("busy", "close the program that uses the port"),
    ("lock", "close the program that uses the port"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flashed:
    """What was flashed and how. `checked`: the flash memory was compared with it; `started`: it runs already."""

    board: str
    method: str
    port: str
    tries: int
    bytes: int
    parts: tuple[tuple[int, str, int], ...]
    checked: bool
    started: bool

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        parts = [{"address": a, "file": name, "bytes": size} for a, name, size in self.parts]
        return {**asdict(self), "parts": parts}


def flash(job: Job, choice: Choice, tries: int, announce: Callable[[str], None]) -> Flashed:
    """Try up to `tries` times to flash; each failure before the last is announced.

    An announcement carries the hint, so that whoever reads it can still act before the last try. Success means that
    the method has compared the chip's flash memory with the payload (see Outcome). Raises FlashError that says how
    far it came: the board's memory untouched, or half-written.
    """
    job = replace(job, argument=choice.argument, port=choice.port)
    furthest = TryOutcome(Reached.NOTHING)
    for number in range(1, tries + 1):
        outcome = _tried(replace(job, attempt=number), choice)
        if outcome.reached is Reached.WRITTEN:
            return _flashed(job, choice, number, outcome)
        if outcome.reached >= furthest.reached:
            furthest = outcome
        if outcome.reached is Reached.NOTHING:
            break
        if number < tries:
            announce(f"try {number} of {tries} failed: {'; '.join(filter(None, (outcome.said, outcome.hint)))}")
    raise _failure(job.board, choice, number, furthest)


def _tried(job: Job, choice: Choice) -> TryOutcome:
    try:
        return METHODS[choice.name].flash(job)
    except KeyboardInterrupt:
        raise FlashInterruptedError(
            f"interrupted: the flash of {job.board.name} may be half-written", SAME_AGAIN
        ) from None


def _flashed(job: Job, choice: Choice, tries: int, outcome: TryOutcome) -> Flashed:
    parts = tuple((p.address, p.name, len(p.data)) for p in job.payload.parts)
    total = job.payload.total_bytes
    return Flashed(
        board=job.board.name,
        method=choice.name,
        port=choice.port,
        tries=tries,
        bytes=total,
        parts=parts,
        checked=outcome.checked,
        started=outcome.started,
    )


def _failure(board: Board, choice: Choice, tries: int, outcome: TryOutcome) -> FlashError:
    """The one error: what happened to the board, in the program's own words, and what to do."""
    by = f"{choice.name}{f' at {choice.port}' if choice.port else ''}, {tries} {'try' if tries == 1 else 'tries'}"
    match outcome.reached:
        case Reached.NOTHING:
            what, hint = f"cannot reach {board.name}", _open_hint(outcome.said)
        case Reached.PORT:
            what, hint = f"{board.name} does not answer", "check the cable, press reset, and run the command again"
        case Reached.CHIP:
            what, hint = f"{board.name} answers, but could not be flashed; its flash is as it was", SAME_AGAIN
        case _:
            what, hint = f"flashing {board.name} broke off: {HALF_WRITTEN}", SAME_AGAIN
    return FlashError(f"{what} ({by}): {outcome.said}", outcome.hint or hint)


def _open_hint(said: str) -> str:
    lower = said.lower()
    return next((hint for word, hint in OPEN_HINTS if word in lower), "check the cable and the port's name")
