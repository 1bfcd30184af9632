"""What the command line prints with: two consoles, progress on stderr, numbers as people read them."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Step = Callable[[str, int, int], None]
"""Called as work goes on: what is being done, how much of it is done, how much there is (0: unknown)."""


def stdout() -> Console:
    """Console of results. Names from model files are printed as they are, never read as markup."""
    return Console(highlight=False, markup=False, emoji=False)


def stderr() -> Console:
    """Console of errors and progress."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def print_json(value: object) -> None:
    """One JSON document on stdout, for programs: same input, same bytes."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def printable(name: str, limit: int = 200) -> str:
    """A name from a model or a board without control characters, which could drive the terminal.

    >>> printable("conv\\x1b[2J/weights")
    'conv?[2J/weights'
    """
    clean = "".join(c if c.isprintable() else "?" for c in name)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def size(number: int) -> str:
    """Bytes with thousands separated.

    >>> size(61440)
    '61,440 B'
    """
    return f"{number:,} B"


def share(part: int, whole: int) -> str:
    """A part as a percentage of the whole.

    >>> share(24_000, 131_072)
    '18.3%'
    """
    return f"{100 * part / whole:.1f}%" if whole else ""


def shape_text(shape: tuple[int, ...]) -> str:
    """A tensor's shape without the batch.

    >>> shape_text((1, 48, 48, 16))
    '48x48x16'
    """
    return "x".join(str(n) for n in (shape[1:] if len(shape) > 1 else shape))


@contextmanager
def progress(quiet: bool) -> Iterator[Step]:
    """Progress on stderr while the block runs; silent where `quiet` or where stderr is no terminal."""
    console = stderr()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bars:
        task = bars.add_task("", total=None)

        def step(text: str, done: int, whole: int) -> None:
            bars.update(task, description=text, completed=done, total=whole or None)

        yield step
