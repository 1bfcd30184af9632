"""Measures again what docs/results/benchmarks.json has, and fails where a figure grew by more than 1 %.

`make bench-check`. Counts and sizes are deterministic; the stack is not, which depends on when an interrupt comes, and
is left out. Instructions and cycles are compared if the counting plugin is named (counting.py), sizes always. The
boards to look at may be given: `python -m docs.make.bench_check netduinoplus2`.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import DepthwiseError
from depthwise.host.demo import MODEL
from tests.support.models import FOLDER

from .bench import conditions, measured
from .counting import compile_plugin
from .pages import RESULTS

MOST: Final = 0.01
FIGURES: Final = ("instructions", "cycles", "ram_bytes", "flash_bytes")
Row = dict[str, Any]


def main(boards: Sequence[str]) -> int:
    """Print a line for each model and board, and return 1 if anything grew."""
    committed = json.loads((RESULTS / "benchmarks.json").read_text())
    if committed["conditions"] != conditions():
        _say(f"the committed figures are those of other tools: {committed['conditions']}")
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch))
        for row in committed["results"]:
            if not boards or row["board"] in boards:
                found = checked(row, plugin, Path(scratch))
                failed += bool(found)
                _say(f"{row['model']} on {row['board']}: {'; '.join(found) or 'no worse'}")
    return int(failed > 0)


def checked(row: Row, plugin: Path | None, scratch: Path) -> tuple[str, ...]:
    """What is worse than a committed row; a model that is not on this computer counts as that."""
    model = MODEL if row["model"] == MODEL.stem else FOLDER / f"{row['model']}.tflite"
    if not model.exists():
        return (f"there is no {model}, name the folder of models in $DEPTHWISE_MODELS",)
    try:
        now = measured(model, row["board"], plugin, scratch)
    except DepthwiseError as error:
        return (str(error),)
    return worse(row, now)


def worse(before: Row, now: Row | None) -> tuple[str, ...]:
    """Figures that grew by more than `MOST`, in words; a figure that one of both has not is not compared."""
    if now is None:
        return ("does not fit any more",)
    both = [(key, before[key], now[key]) for key in FIGURES if before[key] and now[key]]
    return tuple(f"{key} {old:,} -> {new:,} ({new / old - 1:+.1%})" for key, old, new in both if new > old * (1 + MOST))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
