"""Writes docs/results/flash.md: cycles on a Cortex-M4 that waits for its flash, with code made for that and without.

Part of `make bench`. The plugin m4art (counting.py) models what stands between core and flash: lines that are read with
wait states, a cache of lines for instructions and one for data, the next line fetched ahead.
"""

import re
import tempfile
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.models import FOLDER

from .bench import unhindered
from .counting import address, compile_plugin
from .pages import RESULTS

RUNS_ON: Final = "netduinoplus2"
MODELS: Final = ("vww_96_int8", "kws_dscnn_int8", "ic_resnet8_int8", "ad01_int8")
# Wait states, bytes and numbers of lines, whether the next one is fetched ahead: RM0432 and RM0090, chapters FLASH.
CHIPS: Final = {
    "STM32L4R5, 120 MHz": "ws=5,line=8,ilines=128,dlines=32,pf=1",
    "STM32F405, 168 MHz": "ws=5,line=16,ilines=64,dlines=8,pf=1",
}
# How code is made: as for the board, and as for flash that does not wait.
MADE: Final = {"made for it": board, "made for flash without": unhindered}
# X-CUBE-AI on the NUCLEO-L4R5ZI, MLPerf Tiny v1.0: milliseconds at 120 MHz, as cycles.
PUBLISHED: Final = {"vww_96_int8": "10.67M", "kws_dscnn_int8": "5.18M", "ic_resnet8_int8": "19.8M"}


def main() -> None:
    """Measure and write the page. Raises ToolError where no plugin is named."""
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch), "m4art")
        if plugin is None:
            raise ToolError("no counting plugin is named", "name its folder in $DEPTHWISE_M4CYCLES")
        lines = [line(model, plugin, Path(scratch)) for model in MODELS]
    (RESULTS / "flash.md").write_text(page(lines))


def line(model: str, plugin: Path, scratch: Path) -> str:
    """Row of a model: flash of the library and cycles of each chip, for each way to make code."""
    cells = []
    for made, of in MADE.items():
        folder = scratch / f"{model}-{made}"
        export(FOLDER / f"{model}.tflite", folder, ExportOptions(board=of(RUNS_ON)))
        project = open_project(folder)
        cells.append(f"{build(project).library_flash_bytes:,}")
        cells += [f"{waited(project, plugin, chip):,}" for chip in CHIPS.values()]
    return f"| {model} | {' | '.join(cells)} | {PUBLISHED.get(model, '-')} |"


def waited(project: Project, plugin: Path, chip: str) -> int:
    """Cycles of one inference, which is verified."""
    begin, end = (address(project, n) for n in (f"{project.manifest['name']}_push_row", "dw_board_cycles"))
    log = project.folder / "waited.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x},{chip}")
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 1, seed=0))
    if not verdict.equal:
        raise ToolError(f"{project.manifest['name']} differs: {verdict.difference}")
    return sum(int(total) for total in re.findall(r"total=(\d+)", log.read_text()))


def page(lines: list[str]) -> str:
    """The page."""
    columns = [f"{made}: {what}" for made in MADE for what in ("flash", *CHIPS)]
    return "\n".join(
        (
            "# Waiting for flash\n",
            "Made by `make bench` (`docs/make/flash_waits.py`); do not edit.\n",
            "Modelled cycles of one inference on a Cortex-M4 behind its flash accelerator: 5 wait states, lines of",
            "64 bits with 1 KB of them cached for instructions and 256 bytes for data (STM32L4R5), of 128 bits with",
            "1 KB and 128 bytes (STM32F405); unaligned loads are counted. Flash is the library's, in bytes. Every",
            "inference was verified. Where `board.toml` says `flash_wait_states`, what computes a row stays within",
            "1 KB, and weights that the cache does not hold are copied once for a row. Elsewhere loops are longer: that",
            "pays where nothing waits. ST's X-CUBE-AI on the L4R5 as published for MLPerf Tiny.\n",
            f"| model | {' | '.join(columns)} | X-CUBE-AI |",
            f"|---|{'---|' * (len(columns) + 1)}",
            *lines,
            "",
        )
    )


if __name__ == "__main__":
    main()
