"""Other programs, as children of this one: each in a process group of its own, which ends when we do."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from .held import held

STOP_SECONDS: Final = 2.0
POLL_SECONDS: Final = 0.01
_PR_SET_PDEATHSIG: Final = 1
# Loaded beforehand: behind a fork the loader's lock may be held by a thread that is no more.
_LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


def end(process: subprocess.Popen[str]) -> None:
    """End a program and all it has started, if it has not come to its end itself, and close its pipes."""
    if process.returncode is None:
        _signal(process, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        while _runs(process) and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
        # Not waited for yet: while its number is taken no other group can have it.
        kill(process)
        process.wait()
    for pipe in filter(None, (process.stdin, process.stdout, process.stderr)):
        _close(pipe)


@contextmanager
def child(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    errors: int = subprocess.STDOUT,
    stop: Callable[[subprocess.Popen[str]], None] = end,
) -> Iterator[subprocess.Popen[str]]:
    """Start a program without input, its output piped, its errors among that unless `errors` is a pipe, too.

    However the `with` block is left, the program and all that it has started have ended then: politely, or killed;
    `stop` may have another way to do so. A signal that comes while it is started or ended waits until that is done.
    Should this process be killed, the program is, too. Raises OSError if it cannot be started.
    """
    process = None
    try:
        with held():
            process = _start(command, folder=folder, environment=environment, stdin=stdin, errors=errors)
        yield process
    finally:
        if process is not None:
            with held():
                stop(process)


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a program that has not been waited for, and all it has started."""
    _signal(process, signal.SIGKILL)


def run(
    command: Sequence[str], *, folder: Path | None = None, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, its output and its errors apart. Raises OSError, and TimeoutExpired after `seconds`."""
    with child(command, folder=folder, errors=subprocess.PIPE) as process:
        output, errors = process.communicate(timeout=seconds)
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def _start(
    command: Sequence[str], *, folder: Path | None, environment: Mapping[str, str] | None, stdin: int, errors: int
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        errors="replace",
        process_group=0,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, no lock is taken
    )


def _runs(process: subprocess.Popen[str]) -> bool:
    """Tell whether it has not ended, without taking note of that."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS refuses where only the dead are left
        os.killpg(process.pid, number)


def _close(pipe: IO[str]) -> None:
    with suppress(BrokenPipeError):
        pipe.close()


def _die_with_parent() -> None:
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
