"""Signals that end a command wait while it must not be left: behind a fork, say, before anyone knows the process."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def held() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and SIGHUP come when the block has been left: the first of them, if it ends the command.

    Python runs handlers in its main thread only: in another one nothing has to be held.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = [(number, signal.signal(number, lambda sent, _: came.append(sent))) for number in (signal.SIGINT, *ENDING)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    for number in came:
        signal.raise_signal(number)
