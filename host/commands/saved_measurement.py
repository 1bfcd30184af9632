"""`--save FILE`: keeps a measurement as a line of JSON, with the version and the time; other lines stay."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from depthwise.codegen.version import VERSION

save_option: Final = click.option(
    "--save", type=click.Path(path_type=Path), help="Append the result to FILE, a line of JSON with time and version."
)


def saved(file: Path | None, result: Any) -> None:
    """Append a result to a file, if one was given. Raises OSError where it cannot be written."""
    if file is None:
        return
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "version": VERSION, "result": result}
    with file.open("a") as kept:
        kept.write(json.dumps(line) + "\n")
