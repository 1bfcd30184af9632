"""Raising a line's speed to what adapter and board take (docs/reference/protocol.md, "Speed")."""

from typing import Final, Protocol

from .ports import BAUD

SPEEDS: Final = (921_600, 460_800, 230_400)
# A board goes back to BAUD by itself after a second without a request at a new speed, later after three. This is how
# long the host waits for the answers to its two tries at a new speed, after which pause it asks before it goes on, and
# how long it is patient at least once it has gone back.
CHECK_WAITS: Final = (0.2, 0.3)
PAUSE_SECONDS: Final = 1.5
LOWERED_SECONDS: Final = 6.0
# A check carries the new speed so many times: no request is longer.
CHECK_COPIES: Final = 60


class VariableLine(Protocol):
    """A port whose speed can be set, and the board behind it."""

    def set_speed(self, baud: int, /) -> bool:
        """Set the port to another speed; False if it cannot take it."""

    def choose_speed(self, speeds: tuple[int, ...], /) -> int:
        """The first of them that the board takes, and sets; 0: none."""

    def heard_at(self, baud: int, /) -> bool:
        """Tell whether long requests and answers come through at the present speed."""


def raised_speed(line: VariableLine, speeds: tuple[int, ...]) -> int:
    """Bring a line at BAUD to the first of `speeds` that port, board and adapter take; returns the speed it is at.

    Where none does, the board has said that it is back at BAUD.
    """
    left = tuple(baud for baud in speeds if line.set_speed(baud))
    line.set_speed(BAUD)
    while True:
        chosen = line.choose_speed((*left, BAUD))
        if chosen not in left:
            return BAUD
        if line.set_speed(chosen) and line.heard_at(chosen):
            return chosen
        line.set_speed(BAUD)
        left = left[left.index(chosen) + 1 :]


def body_of(speeds: tuple[int, ...]) -> bytes:
    """What a request says of speeds."""
    return b"".join(baud.to_bytes(4, "little") for baud in speeds)
