"""Replaces the project in a folder: one command at a time, whole or not at all, and nothing but our own files."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from depthwise.codegen.errors import ProjectError

from .changes import changes_of
from .disk import DISK, Disk
from .inside import STAGED
from .journal import Places
from .owned import claimed
from .transaction import carry_out, finish


def check_place(out: Path, *, replace: bool) -> None:
    """Raise ProjectError where an export to `out` is refused whatever it would write; finish an interrupted one."""
    finish_interrupted(out)
    with _refusals(out):
        claimed(out, replace=replace)


def replace_project(
    out: Path, contents: Mapping[str, bytes], *, replace: bool, overwrite_edited: bool = False, disk: Disk = DISK
) -> tuple[Path, ...]:
    """Make `out` hold these files, by name, and no other file of ours; gives the backups of edited ones.

    With `replace`, the project that is there gives way. ProjectError for all that hinders it: `out` is then as it was.
    """
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        with _refusals(out):
            out.mkdir(parents=True, exist_ok=True)
            with _alone(out):
                if os.path.lexists(out / STAGED):
                    finish(out, disk)
                changes = changes_of(out, claimed(out, replace=replace), contents, overwrite=overwrite_edited)
                carry_out(out, changes, disk)
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise
    return tuple(out / copy for copy in changes.backups.values())


def finish_interrupted(folder: Path, disk: Disk = DISK) -> None:
    """Finish an export that was interrupted: afterwards `folder` holds the old project or the new one, whole.

    Raises ProjectError where that is impossible, or where the export is still running.
    """
    places = Places(folder)
    if not os.path.lexists(places.staged):
        return
    with _refusals(folder), _alone(folder):
        if os.path.lexists(places.staged):
            finish(folder, disk)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which ends with the process; a file system without locks is used without."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProjectError(f"another command is exporting to {folder}", "wait until it is done") from None
        except OSError:
            pass
        yield
    finally:
        os.close(handle)


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into an error that says how the project is left."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or folder
        half = Places(folder).commit.exists() or Places(folder).undo.exists()
        left = "free it, then any command finishes the export" if half else "what was there before is as it was"
        raise ProjectError(f"cannot write {where}: {error.strerror or error}", left) from None
