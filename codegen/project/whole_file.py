"""Writes a file whole or not at all."""

import os
import tempfile
from pathlib import Path

from depthwise.codegen.errors import InputError


def check_target(path: Path, *, force: bool) -> None:
    """Refuse a file that is there (without `force`), or a folder that is not. Raises InputError."""
    if path.is_dir() or (path.exists() and not force):
        raise InputError(f"{path} is there already", "choose another name, or --force")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent}", "make it first")


def write_whole(path: Path, data: bytes) -> None:
    """Put bytes into a file that appears when all of them are written. Raises InputError where it cannot."""
    try:
        handle, scratch = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            Path(scratch).chmod(0o644)
            Path(scratch).replace(path)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}", "choose another place") from None
