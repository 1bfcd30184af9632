"""Folders for what a step needs for itself, gone behind it however it ends."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_folder(what: str) -> Iterator[Path]:
    """A new folder `depthwise-WHAT-…` in the system's temporary one, removed behind the block.

    A signal may end the command at any moment. `tempfile.TemporaryDirectory` leaves its folder if that is between
    making it and noting that it is to be removed; here the name is known before there is a folder. Raises OSError
    where none can be made.
    """
    folder = Path(tempfile.gettempdir()) / f"depthwise-{what}-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
