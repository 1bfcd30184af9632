"""What a verification needs of the line to a board, whatever that speaks."""

from typing import Protocol

from .channel import Traffic
from .patterns import SentInput
from .protocol import Capture, CapturedWindow, Hello, InferenceResult


class BoardLink(Protocol):
    """A board that runs one inference at a time; every method raises LinkError if the line fails."""

    @property
    def name(self) -> str:
        """The port, as it was given."""

    @property
    def damaged(self) -> int:
        """Damaged answers so far."""

    @property
    def traffic(self) -> Traffic:
        """What went over the line so far."""

    def hello(self) -> Hello:
        """Ask who is there."""

    def set_speed(self, baud: int, /) -> bool:
        """Set the port to another speed; False if it cannot take it."""

    def answers(self) -> bool:
        """Tell whether somebody answers, without patience."""

    def infer(self, image: SentInput, hello: Hello, capture: Capture | None = None) -> InferenceResult:
        """Send an input, run the network once, fetch the scores."""

    def crcs(self, hello: Hello) -> tuple[int, ...]:
        """CRC-32 of every traced tensor of the last run, in slot order."""

    def ticks(self, hello: Hello, /) -> tuple[int, ...]:
        """Ticks of every traced tensor in the last run, in slot order; none from a board that does not count them."""

    def crc(self, slot: int) -> int:
        """CRC-32 of one traced tensor of the last run."""

    def window(self) -> CapturedWindow:
        """What the last run captured."""
