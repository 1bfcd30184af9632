"""How results look: tables and progress on a terminal, JSON for programs."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from .link.link import Progress as Report


def out() -> Console:
    """Console for results."""
    return Console(highlight=False)


def err() -> Console:
    """Console for progress and errors."""
    return Console(stderr=True, highlight=False)


def print_json(data: Any) -> None:
    """Print one JSON document."""
    out().print(json.dumps(data, indent=2), markup=False, soft_wrap=True)


def table(title: str, *columns: tuple[str, str]) -> Table:
    """Empty table of (heading, "left", "right" or "name") columns; a name is on the left and never broken."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False)
    for heading, side in columns:
        made.add_column(heading, justify="right" if side == "right" else "left", no_wrap=side != "left")
    return made


def _bar(*, quiet: bool) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = err()
    return Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)


@contextmanager
def progress(what: str, total: int | None, *, quiet: bool) -> Iterator[Report]:
    """Progress on the error console; yields a function that takes (done, total)."""
    with _bar(quiet=quiet) as bar:
        task = bar.add_task(what, total=total)

        def report(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield report


@contextmanager
def stages(totals: Mapping[str, int], *, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Progress of work in named stages; yields a function that takes (stage, done). A stage may come again."""
    with _bar(quiet=quiet) as bar:
        shown: list[tuple[str, TaskID]] = []
        reached = 0

        def report(what: str, done: int) -> None:
            nonlocal reached
            if not shown or shown[-1][0] != what or done <= reached:
                shown.append((what, bar.add_task(what, total=totals.get(what))))
            reached = done
            bar.update(shown[-1][1], completed=done)

        yield report
