"""Measures again what docs/results/benchmarks.json and flash.json have, and fails where a figure grew by more than 1 %.

`make bench-check`. Counts and sizes are deterministic; the stack is not, which depends on when an interrupt comes, and
is left out. Instructions and cycles are compared if the counting plugin is named (counting.py), sizes always. A model
that is not on this computer is said and left out. The boards to look at may be given:
`python -m docs.make.bench_check netduinoplus2`.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import DepthwiseError
from depthwise.host.demo import MODEL
from tests.support.models import FOLDER

from .bench import conditions, measured
from .counting import compile_plugin
from .flash_settings import CHIPS, RUNS_ON
from .flash_waits import MADE, figures
from .pages import RESULTS

MOST: Final = 0.01
FIGURES: Final = ("instructions", "cycles", "ram_bytes", "flash_bytes")
WAITING: Final = ("flash", *CHIPS)
Row = dict[str, Any]
# What was compared, and what is worse of it; None for a model that is not here.
Checked = tuple[str, tuple[str, ...] | None]


def main(boards: Sequence[str]) -> int:
    """Print a line for each model and board, and return 1 if anything grew or nothing could be compared."""
    committed = json.loads((RESULTS / "benchmarks.json").read_text())
    if committed["conditions"] != conditions():
        _say(f"the committed figures are those of other tools: {committed['conditions']}")
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        for what, worse_of in _all(committed["results"], boards, Path(scratch)):
            found.append(worse_of)
            _say(f"{what}: {'; '.join(worse_of) or 'no worse' if worse_of is not None else f'not in {FOLDER}'}")
    compared = [one for one in found if one is not None]
    grown = sum(map(bool, compared))
    _say(f"{len(compared)} compared, {grown} worse, {len(found) - len(compared)} left out")
    return int(grown > 0 or not compared)


def _all(rows: Sequence[Row], boards: Sequence[str], scratch: Path) -> Iterator[Checked]:
    plugin = compile_plugin(scratch)
    for row in rows:
        if not boards or row["board"] in boards:
            yield f"{row['model']} on {row['board']}", checked(row, plugin, scratch)
    if plugin is not None and (not boards or RUNS_ON in boards):
        yield from _waiting(scratch)


def checked(row: Row, plugin: Path | None, scratch: Path) -> tuple[str, ...] | None:
    """What is worse than a committed row; None for a model that is not on this computer."""
    model = MODEL if row["model"] == MODEL.stem else FOLDER / f"{row['model']}.tflite"
    if not model.exists():
        return None
    try:
        now = measured(model, row["board"], plugin, scratch)
    except DepthwiseError as error:
        return (str(error),)
    return worse(row, now)


def _waiting(scratch: Path) -> Iterator[Checked]:
    """The same of what flash_waits.py measured, for each way to make code."""
    plugin = compile_plugin(scratch, "m4art")
    assert plugin is not None
    for model, before in json.loads((RESULTS / "flash.json").read_text()).items():
        here = (FOLDER / f"{model}.tflite").exists()
        now = figures(model, plugin, scratch) if here else {}
        for made in MADE:
            yield f"{model} behind flash, {made}", worse(before[made], now[made], WAITING) if here else None


def worse(before: Row, now: Row | None, keys: Sequence[str] = FIGURES) -> tuple[str, ...]:
    """Figures that grew by more than `MOST`, in words; a figure that one of both has not is not compared."""
    if now is None:
        return ("does not fit any more",)
    both = [(key, before[key], now[key]) for key in keys if before[key] and now[key]]
    return tuple(f"{key} {old:,} -> {new:,} ({new / old - 1:+.1%})" for key, old, new in both if new > old * (1 + MOST))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
