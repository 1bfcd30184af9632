"""Boards of the user's own: folders with a `board.toml`, by path or below $DEPTHWISE_BOARDS, and new ones."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from depthwise.codegen.errors import InputError

from .board_file import FILE, check_name

PROJECTS_OWN: Final = "own_board.toml"  # in a project for a board of the user's own: its description
VARIABLE: Final = "DEPTHWISE_BOARDS"
# A file that stands elsewhere below firmware/boards: in a folder of one's own it is found without the way up.
UP: Final = re.compile(r'"\.\./')


def is_path(name: str) -> bool:
    """Tell whether a board is given by its folder, or its file, instead of by name."""
    return os.sep in name or "/" in name or name.startswith(".") or name.endswith(".toml")


def file_at(place: str) -> Path:
    """The `board.toml` at a path. Raises InputError where there is none."""
    path = Path(place)
    found = path if path.name == FILE else path / FILE
    if not found.is_file():
        raise InputError(f"there is no board at {place}: no file {found}", "depthwise boards new NAME --like BOARD")
    return found


def files_of_own() -> list[Path]:
    """Every `board.toml` in the folders of $DEPTHWISE_BOARDS and directly below them."""
    given = os.environ.get(VARIABLE, "")
    folders = [Path(p) for p in given.split(os.pathsep) if p]
    return [file for folder in folders for file in (*sorted(folder.glob(FILE)), *sorted(folder.glob(f"*/{FILE}")))]


def files_of(folder: Path) -> dict[str, str]:
    """The files of a board's folder by name."""
    return {file.name: file.read_text() for file in sorted(folder.iterdir()) if file.is_file()}


def _write_folder(out: Path, contents: Mapping[str, str]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".depthwise-", dir=out.parent) as scratch:
        folder = Path(scratch) / out.name
        folder.mkdir()
        for file, content in contents.items():
            (folder / file).write_text(content)
        folder.rename(out)


def new_board(name: str, files: Mapping[str, str], out: Path) -> tuple[Path, ...]:
    """Write a folder for a board like one with these files, under another name; those written.

    Sources that boards share are found in the product and not copied. The folder appears when it is whole. Raises
    InputError if `out` is there or cannot be written.
    """
    check_name(name)
    if out.exists():
        raise InputError(f"{out} is there already", "give another name, or -o FOLDER")
    contents = dict(files)
    text = UP.sub('"', contents[FILE])
    text = re.sub(r"^name = .*$", f'name = "{name}"', text, count=1, flags=re.MULTILINE)
    contents[FILE] = re.sub(r'^title = "(.*)"$', rf'title = "{name}, like \1"', text, count=1, flags=re.MULTILINE)
    try:
        _write_folder(out, contents)
    except OSError as error:
        raise InputError(f"cannot write {out}: {error.strerror or error}", "choose another place") from None
    return tuple(out / file for file in contents)
