"""Folders that tests keep for each other: made once in a run, whichever worker asks first, and gone with the run."""

import fcntl
import functools
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

VARIABLE: Final = "DEPTHWISE_KEPT"


def scratch() -> Path:
    """A new folder for this process; it is there until the run ends."""
    return Path(tempfile.mkdtemp(dir=_kept()))


def once(key: str, make: Callable[[Path], None]) -> Path:
    """The folder of a key, filled by `make` if nobody has done so. Nobody changes it afterwards."""
    place = _kept() / hashlib.sha256(key.encode()).hexdigest()[:16]
    place.mkdir(exist_ok=True)
    folder, done = place / "made", place / "done"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of somebody who failed
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def _kept() -> Path:
    """The run's folder, or one of this process where there is no run."""
    return Path(os.environ.get(VARIABLE) or _own().name)


@functools.cache
def _own() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="depthwise-kept-")
