"""The serial line to a board: frames, requests, one inference at a time. Specified in docs/reference/protocol.md."""

from .board_link import BoardLink
from .channel import Traffic
from .link import Link
from .patterns import Fill, Pattern, PatternedInput, PatternKind, SentInput
from .protocol import Capture, CapturedWindow, Hello, InferenceResult

__all__ = [
    "BoardLink",
    "Capture",
    "CapturedWindow",
    "Fill",
    "Hello",
    "InferenceResult",
    "Link",
    "Pattern",
    "PatternKind",
    "PatternedInput",
    "SentInput",
    "Traffic",
]
