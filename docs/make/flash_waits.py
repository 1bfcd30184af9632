"""Writes docs/results/flash.md and .json: cycles on a Cortex-M4 that waits for its flash.

With code that is made for that, and with code for flash that does not wait.

And with code in RAM, which does not wait: of what the plugin counts, what instructions waited for is left away.

Part of `make bench`. The plugin m4art (counting.py) models what stands between core and flash: lines that are read with
wait states, a cache of lines for instructions and one for data, the next line fetched ahead.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.operators.costs import macs
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.targets.boards import Board
from depthwise.host.build import build
from depthwise.host.project import Project

from .bench import unhindered
from .bench_tables import NAMES
from .counting import compile_plugin
from .flash_predicted import measured_waits, predicted_text
from .flash_runs import exported, waited_behind
from .flash_settings import CHIPS, OTHER, PLACED_ON, RUNS_ON, behind
from .pages import RESULTS
from .peer_figures import PUBLISHED, WAITING

MODELS: Final = tuple(NAMES.values())
INSTRUCTIONS: Final = "of it instructions"
# How code is made: as for the chip, and as for flash that does not wait.
MADE: Final[dict[str, Callable[[str], Board]]] = {
    "made for it": lambda chip: behind(CHIPS[chip]),
    "made for flash without": lambda _: unhindered(RUNS_ON),
}
# Of what is published (peer_figures.py), as cycles: ST's.
PUBLISHED_OF: Final = tuple(row for row in PUBLISHED if row["system"].startswith("X-CUBE-AI") and "ad" in row)
HEAD: Final = """# Waiting for flash

Made by `make bench` (`docs/make/flash_waits.py`); do not edit.

Modelled cycles of one inference on a Cortex-M4 behind its flash accelerator: 5 wait states, lines of
64 bits with 1 KB of them cached for instructions and 256 bytes for data (STM32L4R5), of 128 bits with
1 KB and 128 bytes (STM32F405); unaligned loads are counted. Flash is the library's, in bytes. Every
inference was verified. Of two forms of code a layer has the one that is predicted to be faster behind
the chip's flash, as `board.toml` describes it: loops that compute a row in 1 KB, and weights that the
cache does not hold copied once for a row, or longer loops; and int16 weights where those are faster.
*Of it instructions*: what the L4R5 waits for those, of the cycles beside.
"""
BESIDE: Final = """
## Beside others
Ours made for it. TFLM is TensorFlow Lite Micro of August 2026 with its CMSIS-NN, measured in the same
way; X-CUBE-AI is ST's on the L4R5 as published for MLPerf Tiny, cycles per MAC times the model's MACs.
AD reads each of its weights once, and waits for them.
"""
PLACED: Final = """
## Code in RAM
`export --ram-code` on the L4R5, code in SRAM2 at 0x10000000, which the core reaches by its bus for
instructions: none of them waits, constants do. *If nothing waited*: zero wait states, unaligned loads
counted. Where board.toml names no RAM for code (an STM32F4), code among the data shares their bus, which
is not modelled: try both. What is left to wait for are constants: a network that uses each weight once
waits for them as long as from flash.
"""
# Bytes of flash and cycles by chip, for each way to make code.
Figures = dict[str, dict[str, int]]


def main() -> None:
    """Measure and write the page. Raises ToolError where no plugin is named."""
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch), "m4art")
        if plugin is None:
            raise ToolError("no counting plugin is named", "name its folder in $DEPTHWISE_M4CYCLES")
        found = {model: figures(model, plugin, Path(scratch)) for model in MODELS}
        placed = [placed_line(model, plugin, Path(scratch)) for model in MODELS]
        waits = measured_waits(plugin, Path(scratch))
    (RESULTS / "flash.json").write_text(json.dumps(found, indent=1) + "\n")
    (RESULTS / "flash_waits.json").write_text(json.dumps(waits, indent=1) + "\n")
    (RESULTS / "flash.md").write_text(page(found, placed) + predicted_text(waits))


def figures(model: str, plugin: Path, scratch: Path) -> Figures:
    """Flash of the library and cycles on each chip, for each way to make code, and the model's MACs."""
    found: Figures = {}
    for made, of in MADE.items():
        found[made] = {}
        for chip in CHIPS:
            project = exported(model, scratch / f"{model}-{made}-{chip[:9]}", of(chip))
            size, parts = build(project).library_flash_bytes, waited(project, plugin, chip)
            more = {INSTRUCTIONS: parts["istall"]} if chip == PLACED_ON else {}
            found[made] |= ({} if found[made] else {"flash": size}) | {chip: parts["total"]} | more
        found["model"] = {"macs": sum(macs(project.reference, n) for n in project.reference.nodes)}
    return found


def line(model: str, of: Figures) -> str:
    """Row of a model, for each way to make code."""
    return f"| {model} | {' | '.join(f'{n:,}' for made in MADE for n in of[made].values())} |"


def beside(model: str, of: Figures) -> str:
    """Row of a model beside TensorFlow Lite Micro, and beside what is published."""
    ours = [f"{of['made for it'][chip]:,}" for chip in CHIPS]
    theirs = [f"{n:,}" for n in WAITING.get(model, ())] or ["-"] * len(CHIPS)
    key = next(short for short, name in NAMES.items() if name == model)
    published = [f"{row[key] * of['model']['macs'] / 1e6:.2f}M" for row in PUBLISHED_OF]
    return f"| {model} | {ours[0]} | {theirs[0]} | {' | '.join(published)} | {ours[1]} | {theirs[1]} |"


def placed_line(model: str, plugin: Path, scratch: Path) -> str:
    """Row of a model whose code lies in RAM: its bytes there and cycles, for each way to make code."""
    cells = []
    for made, of in MADE.items():
        project = exported(model, scratch / f"{model}-{made}-placed", of(PLACED_ON), Placement(ram_code=True))
        cells.append(f"{build(project).ram_code_bytes:,}")
        parts = waited(project, plugin, PLACED_ON)
        cells += [f"{n:,}" for n in (parts["total"] - parts["istall"], parts["cycles"] + parts["align"])]
    return f"| {model} | {' | '.join(cells)} |"


def waited(project: Project, plugin: Path, chip: str) -> dict[str, int]:
    """Cycles of one inference on one of CHIPS, which is verified: PARTS of what the plugin counts."""
    return waited_behind(project, plugin, CHIPS[chip].flash)


def page(found: dict[str, Figures], placed: list[str]) -> str:
    """The page."""
    placed_columns = [f"{made}: {what}" for made in MADE for what in ("code in RAM", PLACED_ON, "if nothing waited")]
    columns = [f"{made}: {what}" for made in MADE for what in ("flash", PLACED_ON, INSTRUCTIONS, OTHER)]
    chips = [f"TFLM, {chip.split(',')[0]}" for chip in CHIPS]
    systems = [str(row["system"]) for row in PUBLISHED_OF]
    peers = [PLACED_ON, chips[0], *systems, OTHER, chips[1]]
    return "\n".join(
        (
            HEAD,
            *table(columns, (line(model, of) for model, of in found.items())),
            BESIDE,
            *table(peers, (beside(model, of) for model, of in found.items())),
            PLACED,
            *table(placed_columns, placed),
            "",
        )
    )


def table(columns: Sequence[str], rows: Iterable[str]) -> Iterator[str]:
    """Lines of a table of models."""
    yield f"| model | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    yield from rows


if __name__ == "__main__":
    main()
