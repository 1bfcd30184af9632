"""A replacement of files that is made whole or not at all, whatever interrupts it.

- Every new content is written beside its place and waited for; every old one gets a second name.
- Then the journal appears by a rename: before, nothing was touched; after, everything needed is on the disk.
- Each file comes into its place by one rename. Where one cannot, all go back; where the process ends, the next
  command that opens the project goes on where it stopped. Both can be done again and again.
- A file that someone else changed meanwhile is never touched: before it was replaced, an error names it and all go
  back but that one; afterwards it is theirs.

A redo log with undo (Gray and Reuter, Transaction Processing, 1993, chapter 10), for a folder of small files.
"""

import shutil
from pathlib import Path, PurePosixPath

from depthwise.codegen.errors import ProjectError

from .changes import Change, Changes
from .disk import Disk
from .inside import digest
from .journal import Journal, Places, journal_text, read_journal


def carry_out(folder: Path, changes: Changes, disk: Disk) -> None:
    """Make all changes, or none: the project is then as it was.

    Raises OSError where the file system refuses, ProjectError where someone else changes a file at the same time.
    """
    if not changes.changes:
        return
    places, journal = Places(folder), _journal(folder, changes)
    try:
        _stage(places, journal, changes, disk)
        disk.move(places.staged / "record", places.commit)
    except BaseException:
        if not places.commit.exists():
            discard(places)
        raise
    _forward_or_back(places, journal, disk)


def finish(folder: Path, disk: Disk) -> None:
    """Finish what was interrupted: the new project if the journal was complete, else the old one. Raises as above."""
    places = Places(folder)
    if places.staged.is_symlink() or not places.staged.is_dir():
        raise ProjectError(f"{places.staged} is no folder of an interrupted export", "move it away")
    if places.undo.exists():
        _back(places, read_journal(places.undo), disk)
    elif places.commit.exists():
        _forward_or_back(places, read_journal(places.commit), disk)
    discard(places)


def discard(places: Places) -> None:
    """Throw away what no record speaks of."""
    shutil.rmtree(places.staged, ignore_errors=True)


def _journal(folder: Path, changes: Changes) -> Journal:
    wanted = [PurePosixPath(change.name) for change in changes.changes if change.new is not None]
    parents = (parent for name in wanted for parent in reversed(name.parents[:-1]))
    return Journal(changes.changes, tuple(dict.fromkeys(str(p) for p in parents if not (folder / p).exists())))


def _stage(places: Places, journal: Journal, changes: Changes, disk: Disk) -> None:
    for part in (places.staged, places.new(0).parent, places.old(0).parent):
        disk.make_folder(part)
    originals = {copy: name for name, copy in changes.backups.items()}
    for number, change in enumerate(journal.changes):
        if change.new is not None:
            like = places.project / originals.get(change.name, change.name)
            disk.write(places.new(number), changes.contents[change.name], like)
        if change.old is not None:
            disk.keep(places.project / change.name, places.old(number))
    disk.write(places.staged / "record", journal_text(journal), places.commit)
    for part in (places.new(0).parent, places.old(0).parent, places.staged, places.project):
        disk.sync(part)


def _forward_or_back(places: Places, journal: Journal, disk: Disk) -> None:
    try:
        _forward(places, journal, disk)
    except BaseException:
        disk.move(places.commit, places.undo)
        _back(places, journal, disk)
        raise
    _close(places, journal, places.commit, disk)


def _forward(places: Places, journal: Journal, disk: Disk) -> None:
    disk.sync(places.staged)
    for name in journal.folders:
        _make_folder(places.project / name, disk)
    for number, change in enumerate(journal.changes):
        _install(places, number, change, disk)
    for change in journal.changes:
        if change.new is None:
            _remove_empty(places.project, tuple(PurePosixPath(change.name).parents[:-1]), disk)


def _install(places: Places, number: int, change: Change, disk: Disk) -> None:
    """Bring one file into its place, or remove it; nothing is left to do where that was done before."""
    now, target, fresh = digest(places.project, change.name), places.project / change.name, places.new(number)
    if change.new is None:
        if now is not None and now == change.old:
            disk.remove(target)
    elif fresh.exists():
        if now not in (change.old, change.new, None):
            raise ProjectError(f"{target} was changed while the project was replaced", "run the same command again")
        if digest(fresh.parent, fresh.name) != change.new:
            raise ProjectError(f"{fresh} is damaged", "export again")
        disk.move(fresh, target)


def _back(places: Places, journal: Journal, disk: Disk) -> None:
    disk.sync(places.staged)
    for number, change in enumerate(journal.changes):
        now, target = digest(places.project, change.name), places.project / change.name
        if now == change.old or now not in (change.new, None):
            continue
        if change.old is None:
            disk.remove(target)
        else:
            for parent in reversed(PurePosixPath(change.name).parents[:-1]):
                _make_folder(places.project / parent, disk)
            disk.move(places.old(number), target)
    _remove_empty(places.project, tuple(PurePosixPath(name) for name in reversed(journal.folders)), disk)
    _close(places, journal, places.undo, disk)


def _make_folder(folder: Path, disk: Disk) -> None:
    if not folder.is_dir():
        disk.make_folder(folder)


def _remove_empty(project: Path, folders: tuple[PurePosixPath, ...], disk: Disk) -> None:
    """Remove folders, inner ones first, that nothing is left in."""
    for name in folders:
        folder = project / name
        if folder.is_dir() and not any(folder.iterdir()):
            disk.remove_folder(folder)


def _close(places: Places, journal: Journal, record: Path, disk: Disk) -> None:
    """Wait until all of it is on the disk, and remove the record, then the rest."""
    for folder in sorted({(places.project / change.name).parent for change in journal.changes}):
        if folder.is_dir():
            disk.sync(folder)
    disk.remove(record)
    discard(places)
