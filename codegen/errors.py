"""Every error a user can cause, as one tree.

DepthwiseError            the root; the command line prints it and returns 2 (whatever else comes up is a bug: 70)
├── ModelError            the model file is damaged, hostile or inconsistent
│   └── UnsupportedError  the model is sound, but uses something this tool does not do
├── DoesNotFitError       the network needs more RAM or flash than the target has
├── InputError            an input array has the wrong shape, type or range
├── ProjectError          an exported project is missing, stale or damaged
│   ├── StaleFirmwareError  the board runs firmware of another model
│   └── OtherBuildError     the board runs another build of this model
├── NativeModuleError     compiled code is not what MicroPython can load as a native module
├── ToolError             a compiler, emulator or flashing tool is missing or failed
│   └── FlashError        a board could not be flashed; the message says what its memory holds now
│       └── FlashInterruptedError  the user ended it half-way
└── LinkError             the board does not answer, or answers nonsense
    ├── TimeoutLinkError  the board did not answer in time
    ├── RestartedError    the board forgot what it was told
    └── CorruptionError   the board found its memory written over

A message names the thing and both numbers; `hint` is the next step for the reader.
"""

from collections.abc import Sequence
from typing import Final

MOST_TOLD: Final = 20
OPERATORS_PAGE: Final = "docs/reference/operators.md"
DAMAGED: Final = "the file contradicts itself: copy it again, or save or convert the model again"


class DepthwiseError(Exception):
    """Root of the tree: what happened, and in `hint` what to do about it (one sentence, or empty)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class ModelError(DepthwiseError):
    """The model file is damaged, hostile or inconsistent; the next step, if no better one is told, is a new file."""

    def __init__(self, message: str, hint: str = DAMAGED) -> None:
        super().__init__(message, hint)


class UnsupportedError(ModelError):
    """The model is sound, but uses something this tool does not do; `hint` tells a way that works."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint)


class DoesNotFitError(DepthwiseError):
    """The network needs more RAM or flash than the target has."""


class InputError(DepthwiseError):
    """An input array has the wrong shape, type or range."""


class ProjectError(DepthwiseError):
    """An exported project is missing, stale or damaged."""


class StaleFirmwareError(ProjectError):
    """The board runs firmware of another model."""


class OtherBuildError(ProjectError):
    """The board runs another build of this model."""


class NativeModuleError(DepthwiseError):
    """Compiled code is not what MicroPython can load as a native module."""


class ToolError(DepthwiseError):
    """A compiler, emulator or flashing tool is missing or failed."""


class FlashError(ToolError):
    """A board could not be flashed; the message says what its memory holds now."""


class FlashInterruptedError(FlashError):
    """The user ended it half-way."""


class LinkError(DepthwiseError):
    """The board does not answer, or answers nonsense."""


class TimeoutLinkError(LinkError):
    """The board did not answer in time."""


class RestartedError(LinkError):
    """The board forgot what it was told: it restarted in between."""


class CorruptionError(LinkError):
    """The board found that its memory was written over."""


def together(errors: Sequence[UnsupportedError]) -> UnsupportedError:
    """All that is not done in one error: what happened line by line, with its next step where those differ."""
    if len(errors) == 1:
        return errors[0]
    hints = {error.hint for error in errors}
    told = [f"  {error.message if len(hints) == 1 else error}" for error in errors[:MOST_TOLD]]
    more = [f"  and {len(errors) - MOST_TOLD} more"] if len(errors) > MOST_TOLD else []
    next_step = hints.pop() if len(hints) == 1 else f"{OPERATORS_PAGE} lists all operators and their limits"
    return UnsupportedError("\n".join([f"{len(errors)} layers are not supported:", *told, *more]), next_step)
