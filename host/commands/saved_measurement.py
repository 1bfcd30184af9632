"""`--save FILE`: keeps a measurement as a line of JSON, with the version and the time; other lines stay."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from depthwise.codegen.errors import InputError
from depthwise.codegen.version import VERSION

save_option: Final = click.option(
    "--save", type=click.Path(path_type=Path), help="Append the result to FILE, a line of JSON with time and version."
)


def saved(file: Path | None, result: Any) -> None:
    """Append a result to a file, if one was given: whole, or not at all. Raises InputError where that cannot be."""
    if file is None:
        return
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "version": VERSION, "result": result}
    try:
        _append(file, json.dumps(line) + "\n")
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror or error}", "give --save another place") from None


def _append(file: Path, line: str) -> None:
    there = file.stat().st_size if file.is_file() else None
    try:
        with file.open("a") as kept:
            kept.write(line)
    except OSError:
        if there is not None:
            os.truncate(file, there)
        elif file.is_file():
            file.unlink()
        raise
