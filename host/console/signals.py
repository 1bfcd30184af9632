"""What happens when the system ends a command: it cleans up first, as it does behind Ctrl-C."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from depthwise.host.children.held import ENDING


@contextmanager
def clean_end() -> Iterator[None]:
    """Let SIGTERM and SIGHUP leave every `with` block on their way, so that nothing temporary stays behind.

    The exit code is what a shell shows for a program that the signal has killed: 128 and the signal's number.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, _end)) for number in ENDING]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _end(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)
