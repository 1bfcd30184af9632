"""What a re-export changes in a project folder: files of ours alone, and none that was edited without being told to."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ProjectError

from .inside import digest, refuse_clashes
from .owned import MANIFEST

NAMED: Final = 8
BACKUP: Final = ".orig"


@dataclass(frozen=True, slots=True)
class Change:
    """One file, by its name in the project: SHA-256 of what is there before and after; None where nothing is."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that a re-export changes, in order; the contents of what it writes; and where edited files are kept.

    A backup is a new file like any other, so that it comes into its place with the rest or not at all.
    """

    changes: tuple[Change, ...]
    contents: Mapping[str, bytes]
    backups: Mapping[str, str]


def changes_of(folder: Path, owned: Mapping[str, str], wanted: Mapping[str, bytes], *, overwrite: bool) -> Changes:
    """Compare what is in a folder with what is `wanted` there, and with what we wrote (`owned`: SHA-256 by name).

    A file that is as wanted stays, one that is gone is written again, one of ours that is no longer wanted goes. The
    manifest comes last. Raises ProjectError, naming the files, where one of ours was edited (unless `overwrite`) and
    where one of the user's stands in the place of a new one.
    """
    refuse_clashes(folder, wanted)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in wanted.items()}
    names = (*sorted({*owned, *wanted} - {MANIFEST}), MANIFEST)
    found = (Change(name, digest(folder, name), hashes.get(name)) for name in names)
    changed = tuple(change for change in found if change.old != change.new)
    backups = {name: _free(folder, name) for name in _edited(folder, changed, owned, overwrite=overwrite)}
    kept = {copy: (folder / name).read_bytes() for name, copy in backups.items()}
    saved = tuple(Change(copy, None, hashlib.sha256(content).hexdigest()) for copy, content in kept.items())
    return Changes((*saved, *changed), {**wanted, **kept}, backups)


def _edited(folder: Path, changed: tuple[Change, ...], owned: Mapping[str, str], *, overwrite: bool) -> list[str]:
    """Files of ours that are not as we wrote them. ProjectError for those, unless `overwrite`, and for the user's."""
    there = {change.name: change.old for change in changed if change.old is not None and change.name != MANIFEST}
    foreign = [name for name in there if name not in owned]
    if foreign:
        raise ProjectError(f"{_listed(foreign)} in {folder} stands where the export writes a file", "move it away")
    edited = [name for name, found in there.items() if found != owned[name]]
    if edited and not overwrite:
        raise ProjectError(
            f"{_listed(edited)} in {folder} was edited since the export",
            f"give --overwrite-edited (a copy is kept as NAME{BACKUP}), or move your changes to files of your own",
        )
    return edited


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
    return f"{', '.join(shown[:NAMED])}{more}"


def _free(folder: Path, name: str) -> str:
    """Name of a backup that nothing has yet: main.c.orig, main.c.orig2 and so on."""
    number = 1
    while True:
        copy = f"{name}{BACKUP}{number if number > 1 else ''}"
        if not os.path.lexists(folder / copy):
            return copy
        number += 1
