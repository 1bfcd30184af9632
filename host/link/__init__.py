"""The serial line to a board: frames, requests, one inference at a time. Specified in docs/reference/protocol.md."""

from .board_link import BoardLink
from .camera import CameraFormat, PixelType
from .channel import Traffic
from .link import Link
from .patterns import InputPattern, PatternedInput, PatternedPiece, PatternKind, SentInput
from .protocol import Capture, CapturedWindow, Hello, InferenceResult

__all__ = [
    "BoardLink",
    "CameraFormat",
    "Capture",
    "CapturedWindow",
    "Hello",
    "InferenceResult",
    "InputPattern",
    "Link",
    "PatternKind",
    "PatternedInput",
    "PatternedPiece",
    "PixelType",
    "SentInput",
    "Traffic",
]
