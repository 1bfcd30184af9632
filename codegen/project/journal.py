"""The record of a replacement under way: written whole before the first file is touched, gone when the last one is.

Everything lies in the project's own folder, so that renaming suffices:

    .depthwise-staged/commit.json   what changes: from here on, the new project is brought into place
    .depthwise-staged/undo.json     the same, renamed: that failed, and the old project is brought back
    .depthwise-staged/new/N         content of the N-th file as it will be
    .depthwise-staged/old/N         content of the N-th file as it was

With neither of the two records nothing was touched yet, or all is done: the folder is thrown away.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ProjectError

from .changes import Change
from .inside import STAGED, is_inside
from .owned import MOST_BYTES, SHA256

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Journal:
    """Changes in the order in which they are made, and the folders to be made for them, outer ones first."""

    changes: tuple[Change, ...]
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a transaction lie."""

    project: Path

    @property
    def staged(self) -> Path:
        """The hidden folder that holds all of them."""
        return self.project / STAGED

    @property
    def commit(self) -> Path:
        """The record that says to go on."""
        return self.staged / "commit.json"

    @property
    def undo(self) -> Path:
        """The record that says to go back."""
        return self.staged / "undo.json"

    def new(self, number: int) -> Path:
        """Content of a file as it will be."""
        return self.staged / "new" / str(number)

    def old(self, number: int) -> Path:
        """Content of a file as it was."""
        return self.staged / "old" / str(number)


def journal_text(journal: Journal) -> bytes:
    """A journal as JSON."""
    return json.dumps({"version": VERSION, **asdict(journal)}).encode()


def read_journal(path: Path) -> Journal:
    """Read a journal. Raises ProjectError unless it is one of ours, whose names stay inside the project."""
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            raise ValueError("it is no record of ours")
        given = json.loads(path.read_text(encoding="utf-8"))
        if given["version"] != VERSION:
            raise ValueError(f"it is of version {given['version']!r}, this tool reads {VERSION}")
        changes = tuple(Change(**change) for change in given["changes"])
        folders = tuple(given["folders"])
        if not all(map(_is_sound, changes)) or not all(isinstance(f, str) and is_inside(f) for f in folders):
            raise ValueError("it names what is not in the project")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ProjectError(
            f"{path} is damaged: {error!r}", f"an export was interrupted: look at {path.parent}, then remove it"
        ) from None
    return Journal(changes, folders)


def _is_sound(change: Change) -> bool:
    hashes = (change.old, change.new)
    named = isinstance(change.name, str) and is_inside(change.name)
    return named and all(h is None or (isinstance(h, str) and SHA256.fullmatch(h) is not None) for h in hashes)
