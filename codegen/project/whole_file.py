"""Writes files whole or not at all, and never over one that is there unless told to."""

import os
import stat
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from depthwise.codegen.errors import InputError


def check_target(path: Path, *, force: bool, sources: Iterable[Path] = ()) -> None:
    """Refuse a file that is there (without `force`), what is no file, and a file that is read (`sources`).

    Raises InputError.
    """
    if any(path.exists() and source.exists() and path.samefile(source) for source in sources):
        raise InputError(f"{path} is what is read", "choose another name")
    if os.path.lexists(path) and not path.is_file():
        raise InputError(f"{path} is there already, and no file", "choose another name")
    if path.exists() and not force:
        raise InputError(f"{path} is there already", "choose another name, or --force")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent}", "make it first")


def write_whole(path: Path, data: bytes) -> None:
    """Put bytes into a file that appears when all of them are written. Raises InputError where it cannot."""
    write_all_whole({path: data})


def write_all_whole(files: Mapping[Path, bytes]) -> None:
    """Write several files, then let all of them appear; none does if one cannot be written. Raises InputError.

    A link is followed: what it leads to is replaced. Permissions of a file that is there stay.
    """
    scratch: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            scratch[path] = _beside(path.resolve(), data)
        for path, written in scratch.items():
            written.replace(path.resolve())
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}", "choose another place") from None
    finally:
        for written in scratch.values():
            written.unlink(missing_ok=True)


def _beside(path: Path, data: bytes) -> Path:
    """Data in a new file of the same folder, on the disk."""
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=".depthwise-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(handle)
        Path(name).chmod(mode)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
