"""What exceptions on a board mean: each as an error of the tree with the next step."""

import re
from collections.abc import Callable
from typing import Final

from depthwise.codegen.errors import (
    CorruptionError,
    DepthwiseError,
    FlashError,
    InputError,
    LinkError,
    OtherBuildError,
    ProjectError,
    StaleFirmwareError,
)

COPY_AGAIN: Final = "run `depthwise flash` on this project"
# Words of an exception's last line, the error it is, and the next step.
KNOWN: Final[tuple[tuple[str, Callable[[str, str], DepthwiseError], str], ...]] = (
    (r"no module named '(hashlib|binascii)'", ProjectError, "use MicroPython firmware that has this module"),
    (r"^ImportError|weights is not beside", ProjectError, COPY_AGAIN),
    (r"incompatible \.mpy", ProjectError, COPY_AGAIN),
    (r"weights are of another model", StaleFirmwareError, COPY_AGAIN),
    (
        r"weights (are of another export|of another export|are of version|begin with|end after)",
        OtherBuildError,
        COPY_AGAIN,
    ),
    (r"memory is corrupted", CorruptionError, "see what else writes to the model's memory"),
    (r"was exported for", InputError, "export it again with a wider --assume-input-range, or without"),
    (r"^MemoryError", ProjectError, "free memory on the board, or put module and weights into ROMFS"),
    (r"^OSError:.*(\b28\b|ENOSPC)", FlashError, "remove files that are no longer needed from the board's filesystem"),
    (r"^OSError:.*(\b30\b|EROFS)", FlashError, "the board's filesystem is read-only: see its boot.py"),
)


def board_error(port: str, traceback: str) -> DepthwiseError:
    """The error for a traceback of MicroPython; its last line says what happened."""
    lines = [line.strip() for line in traceback.strip().splitlines() if line.strip()]
    last = lines[-1] if lines else "an error without words"
    for words, error, hint in KNOWN:
        if re.search(words, last):
            return error(f"the board at {port} says: {last}", hint)
    return LinkError(f"the board at {port} did not do what it was told: {last}", "press reset and run it again")
