"""Names of files inside a project folder: which can be followed, and what stands in their place."""

import hashlib
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from depthwise.codegen.errors import ProjectError

STAGED: Final = ".depthwise-staged"
LONGEST_NAME: Final = 1024
BLOCK: Final = 1 << 20


def is_inside(name: str) -> bool:
    r"""Tell whether a name from a manifest stays in its folder, and is no file of a transaction.

    >>> [is_inside(name) for name in ("app/main.c", "/etc/passwd", "a/../../b", "a//b", "a\n", ".depthwise-staged/x")]
    [True, False, False, False, False, False]
    """
    path = PurePosixPath(name)
    plain = 0 < len(name) <= LONGEST_NAME and name.isprintable() and "\\" not in name and str(path) == name
    return plain and not path.is_absolute() and ".." not in path.parts and path.parts[0:1] not in ((), (STAGED,))


def digest(folder: Path, name: str) -> str | None:
    """SHA-256 of a file as it is now; None where nothing is. ProjectError for a link, a folder, or what is no file."""
    path = folder
    parts = PurePosixPath(name).parts
    for part in parts:
        path = path / part
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            return None
        wanted = stat.S_ISREG if path == folder.joinpath(*parts) else stat.S_ISDIR
        if stat.S_ISLNK(mode):
            raise ProjectError(f"{path} is a symbolic link", "an export writes through none: move it away")
        if not wanted(mode):
            what = "no folder" if wanted is stat.S_ISDIR else "no file"
            raise ProjectError(f"{path} is {what}, the project has one there", "move it away")
    return _sha256(path)


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def refuse_clashes(folder: Path, names: Iterable[str]) -> None:
    """Raise ProjectError for two names that some file systems take for one: of ours, or of ours and the user's."""
    wanted: dict[str, str] = {}
    for name in names:
        for path in (PurePosixPath(name), *PurePosixPath(name).parents[:-1]):
            other = wanted.setdefault(_folded(str(path)), str(path))
            if other != str(path):
                raise ProjectError(f"the project has both {other} and {path}", "give the network another --name")
    for parent in {str(PurePosixPath(path).parent) for path in wanted.values()}:
        there = folder / parent
        for entry in there.iterdir() if there.is_dir() else ():
            name = entry.relative_to(folder).as_posix()
            ours = wanted.get(_folded(name), name)
            if ours != name:
                raise ProjectError(f"{entry} and the project's {ours} differ in case alone", f"rename or move {entry}")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
