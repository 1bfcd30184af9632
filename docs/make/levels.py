"""Writes docs/results/levels.md: what other levels of the compiler would make of a network, with and without waiting.

By hand: `python -m docs.make.levels`. The network's file alone is compiled with them: it is one file, whose loops that
take the time are assembly.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.project import Project

from .counting import compile_plugin
from .flash_runs import exported
from .flash_settings import PLACED_ON, RUNS_ON
from .flash_waits import waited
from .pages import RESULTS

MODELS: Final = ("vww_96_int8", "kws_dscnn_int8", "ic_resnet8_int8", "micro_speech")
TAKEN: Final = "-O2"
LEVELS: Final = (TAKEN, "-O2 -fpeel-loops", "-O3", "-Os")
HEAD: Final = f"""# Levels of the compiler

Made by `python -m docs.make.levels`; do not edit.

The network's file, compiled with other levels than its project's, on a Cortex-M4 as for flash that waits: bytes of
flash, modelled cycles with zero wait states (unaligned loads counted), and behind the flash of an {PLACED_ON}
([waiting for flash](flash.md)); in brackets as a ratio to `{TAKEN}`, which projects take. A network is one file,
and its loops that take the time are assembly, which no level changes: what is left is what the compiler makes of
gathering, edges and the calls.

Projects take `-O2` for all of it. On the networks of MLPerf Tiny no level gains 1 %, waiting or not, and `-O3` takes 3
to 7 % more flash; micro_speech, whose first layer gathers single pixels in C, would gain 4 %, 2 % behind flash that
waits. A level for each file, or for each layer's function, would have to be measured again for every compiler.

| model | level | flash | zero wait states | {PLACED_ON} |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One network at one level."""

    flash: int
    at_once: int
    waiting: int


def main() -> None:
    """Measure and write the page. Raises ToolError where no plugin is named."""
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch), "m4art")
        if plugin is None:
            raise ToolError("no counting plugin is named", "name its folder in $DEPTHWISE_M4CYCLES")
        rows = [row for model in MODELS for row in rows_of(model, plugin, Path(scratch))]
    (RESULTS / "levels.md").write_text(HEAD + "".join(rows))


def rows_of(model: str, plugin: Path, scratch: Path) -> list[str]:
    """Rows of a model, a level each."""
    found = {}
    for number, level in enumerate(LEVELS):
        project = exported(model, scratch / f"{model}-{number}", board(RUNS_ON))
        compile_with(project, level)
        found[level] = measured(project, plugin)
    return [row(model, level, one, found[TAKEN]) for level, one in found.items()]


def compile_with(project: Project, level: str) -> None:
    """Have the project's Makefile compile the network's file with a level; the last one that is given counts."""
    make = project.folder / "Makefile"
    name = project.manifest["name"]
    make.write_text(f"{make.read_text()}build/network/{name}.o: CFLAGS += {level}\n")


def measured(project: Project, plugin: Path) -> Measured:
    """What it takes, each inference verified."""
    flash = build(project).library_flash_bytes
    parts = waited(project, plugin, PLACED_ON)
    return Measured(flash, parts["cycles"] + parts["align"], parts["total"])


def row(model: str, level: str, one: Measured, taken: Measured) -> str:
    """A line of the table."""
    pairs = ((one.flash, taken.flash), (one.at_once, taken.at_once), (one.waiting, taken.waiting))
    cells = (f"{own:,} ({own / other:.3f})" for own, other in pairs)
    return f"| {model} | `{level}` | {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
