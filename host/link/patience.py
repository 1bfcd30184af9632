"""Waiting for programs of this machine: time that they stand in the queue for a processor is not held against them.

A virtual board is a process, and on a machine with more to do than it has processors that process stands still much of
the time: by the clock on the wall it would be called silent. Linux counts for each thread how long it was ready to run
and did not (/proc/PID/schedstat, nanoseconds, the second number; Documentation/scheduler/sched-stats.rst). Where a
system does not count that, the clock on the wall is all there is.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# This share of the time counts whatever happens, so that every wait comes to an end.
LEAST: Final = 0.05
LOOK_SECONDS: Final = 0.02  # how often processes are looked at
PROCESSES: Final = Path("/proc")


class Clock:
    """Seconds since it began, for this process and those that it started; to be read a few times a second."""

    def __init__(self, *others: int) -> None:
        """Begin; `others` are further processes to be waited for, by number."""
        self._roots = (os.getpid(), *others)
        self._counted = 0.0
        self._then = time.monotonic()
        self._queued: dict[str, float] | None = None

    def now(self) -> float:
        """Seconds of the wall's clock, without those that a process stood in the queue."""
        moment = time.monotonic()
        passed = moment - self._then
        if passed < LOOK_SECONDS:
            return self._counted + passed
        queued = _queued(self._roots)
        before = queued if self._queued is None else self._queued
        stood = sum(seconds - before.get(thread, seconds) for thread, seconds in queued.items())
        self._counted += max(passed - stood, LEAST * passed)
        self._then, self._queued = moment, queued
        return self._counted


class Patience:
    """Some seconds of a Clock."""

    def __init__(self, seconds: float, *others: int) -> None:
        """Begin to wait; `others` as for a Clock."""
        self._clock = Clock(*others)
        self._seconds = seconds

    def lasts(self) -> bool:
        """Tell whether some of it is left."""
        return self._clock.now() < self._seconds


def _queued(roots: tuple[int, ...]) -> dict[str, float]:
    """Seconds that each thread of some processes and of all below them was ready to run and did not."""
    return {thread: seconds for root in roots for thread, seconds in _threads(PROCESSES / str(root) / "task")}


def _threads(tasks: Path) -> Iterator[tuple[str, float]]:
    for task in _listed(tasks):
        folder = tasks / task
        yield task, int((_read(folder / "schedstat").split() or ["", "0"])[1]) / 1e9
        for child in _read(folder / "children").split():
            yield from _threads(PROCESSES / child / "task")


def _listed(folder: Path) -> list[str]:
    """Names in a folder; none once its process has ended."""
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def _read(path: Path) -> str:
    """Text of a file; none once its process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
