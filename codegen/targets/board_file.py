"""Reads a `board.toml`, which may be anybody's: each field is held against the type that a board has there."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import InputError

FILE: Final = "board.toml"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
EXAMPLE: Final = "`depthwise boards new NAME --like nucleo-f446re` writes one that is right"
# What a type of a field is in the file: a list or a table of texts, or the type itself.
TEXTS, TABLE = tuple[str, ...], tuple[tuple[str, str], ...]


def text_of(path: Path) -> str:
    """Text of a file. Raises InputError naming it."""
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read board {path}: {error}", EXAMPLE) from None


def board_fields(path: Path, text: str, types: Mapping[str, Any], required: frozenset[str]) -> dict[str, Any]:
    """Fields of a board by name, texts and tables as tuples. Raises InputError naming file and field."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"cannot read board {path}: {error}", EXAMPLE) from None
    return checked_fields(data, types, required, str(path))


def checked_fields(
    data: Mapping[str, Any], types: Mapping[str, Any], required: frozenset[str], where: str
) -> dict[str, Any]:
    """Fields of a table, each of its type. Raises InputError for one that is missing, unknown or of another type."""
    for name in sorted(required - set(data)):
        raise InputError(f"{where} has no {name}", EXAMPLE)
    for name in sorted(set(data) - set(types)):
        raise InputError(
            f"{where} has a field {name!r} that no board has", f"take out or rename it: {', '.join(types)}"
        )
    return {name: _checked(value, types[name], f"{where}: {name}") for name, value in data.items()}


def check_name(name: str) -> None:
    """Raise InputError for a name that could be no folder, or no word of a command."""
    if NAME.fullmatch(name) is None:
        raise InputError(f"a board cannot be called {name!r}", "take small letters, digits and hyphens, at most 63")


def _checked(value: Any, kind: Any, what: str) -> Any:
    match value:
        case bool():
            pass
        case str() if kind is str and value.isprintable():
            return value
        case int() if kind is int and 0 <= value < 1 << 32:
            return value
        case list() if kind == TEXTS and all(isinstance(v, str) for v in value):
            return tuple(value)
        case dict() if kind is dict:
            return value
        case dict() if kind == TABLE and all(isinstance(v, str) for v in value.values()):
            return tuple(value.items())
    shown = {
        str: "a text of one line",
        int: "a number from 0 to 4,294,967,295",
        TEXTS: "a list of texts",
        TABLE: "a table of texts",
        dict: "a table",
    }
    raise InputError(f"{what} is {value!r:.60}, it must be {shown[kind]}", EXAMPLE)
