"""How results look: tables and progress on a terminal, JSON for programs."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table

from depthwise.host.progress import Progress, Step

from .safe_console import SafeConsole


def out() -> Console:
    """Console for results."""
    return SafeConsole(highlight=False)


def err() -> Console:
    """Console for progress and errors."""
    return SafeConsole(stderr=True, highlight=False)


def print_json(data: Any) -> None:
    """Print one JSON document."""
    out().print(json.dumps(data, indent=2), markup=False, soft_wrap=True)


def table(title: str, *columns: tuple[str, str]) -> Table:
    """Empty table of (heading, "left", "right" or "name") columns; a name is on the left and never broken."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False)
    for heading, side in columns:
        made.add_column(
            heading, justify="right" if side == "right" else "left", no_wrap=side != "left", overflow="fold"
        )
    return made


def _bar(*, quiet: bool) -> Bars:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = err()
    return Bars(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)


@contextmanager
def progress(what: str, total: int | None, *, quiet: bool) -> Iterator[Progress]:
    """Progress on the error console; yields a function that takes (done, total)."""
    with _bar(quiet=quiet) as bar:
        task = bar.add_task(what, total=total)

        def report(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield report


@contextmanager
def progress_lines(names: tuple[str, ...], *, quiet: bool) -> Iterator[Callable[[int, Step], None]]:
    """A line of progress for each name on the error console; yields a function that takes (number, step)."""
    with _bar(quiet=quiet) as bar:
        tasks = [bar.add_task(name, total=None) for name in names]

        def report(number: int, step: Step) -> None:
            name = f"{names[number]}: " if len(names) > 1 else ""
            bar.update(tasks[number], description=f"{name}{escape(step.what)}", completed=step.done, total=step.total)

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
