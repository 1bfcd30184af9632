"""Writes docs/results/verified.md: every model on every virtual board, bytes that differ from the golden model.

`make verified`. Models: the bundled one, and the real ones the tests use (`$DEPTHWISE_MODELS`).
"""

import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from rich.progress import track

from depthwise.codegen.errors import DoesNotFitError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.placement import USUAL, Placement
from depthwise.codegen.targets.boards import board, boards
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.models import FOLDER

from .pages import RESULTS

EVERY_MODEL: Final = ("xtensa-lx",)  # boards that run the models of other tasks and kinds, too
SKIPPED: Final = ("netduino2",)  # the same as netduino2-20k, with more memory
BOARDS: Final = tuple(b.name for b in boards().values() if b.virtual and b.name not in SKIPPED)
INPUTS: Final = 6
# Large ones, on a board that translates one instruction at a time.
FEWER: Final = {"mcunet_vww": 2, "blazeface_front_128": 2}
HEAD: Final = f"""# Verified

Each model exported with a trace, built, run with {INPUTS} inputs (random, extreme, constant) and compared with the
golden model on every tensor; the golden model itself is held against tflite-micro by the tests. Sizes are
the ELF's: the library's static RAM, the whole firmware's RAM without stack, the library's flash. `stack` is the
most that was used. The virtual STM32F405 is QEMU's `netduinoplus2`; `netduino2-20k` is its STM32F205, of which the
linker gets 20 KB of RAM, stack included, and 128 KB of flash; `microbit` is an nRF51822 with a Cortex-M0 and 16 KB.
Models that do not fit a board are left out for it. `mps2-m3`, `-m4`, `-m7`, `-m33` and `mps3-m55` are Arm's FPGA boards
with these cores; `mps2-m0plus` is Armv6-M code on the Cortex-M3. `rv32-virt` is QEMU's RISC-V machine, held to rv32imc.
`xtensa-lx` runs the windowed code of the ESP32 with its MAC16 kernels, and models of other kinds, too
({" and ".join(FEWER)} with 2 inputs). The Cortex-M55 runs its vector kernels. Made by `make verified`.

"""
OF_A_RUN: Final = ("tensors", "bytes compared", "differing tensors", "network RAM", "firmware RAM", "stack", "flash")
COLUMNS: Final = f"| model | board | {' | '.join(OF_A_RUN)} |\n|---|---|{'---|' * len(OF_A_RUN)}\n"


def main() -> None:
    """Write the table."""
    models = [MODEL, *sorted(FOLDER.glob("*_int8.tflite"))]
    others = [m for m in sorted(FOLDER.glob("*.tflite")) if m not in models and not m.stem.endswith("_float")]
    pairs = [(model, name) for model in models for name in BOARDS]
    pairs += [(model, name) for model in others for name in EVERY_MODEL]
    with ProcessPoolExecutor() as pool:
        rows = list(track(pool.map(row, *zip(*pairs, strict=True)), "verifying", len(pairs)))
    (RESULTS / "verified.md").write_text(HEAD + COLUMNS + "".join(rows))


def row(model: Path, board_name: str, placement: Placement = USUAL) -> str:
    """One line of the table, none where the board is too small. A model that differs is named, and it goes on."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        try:
            export(model, folder, ExportOptions(board=board(board_name), trace=True, placement=placement))
            project = open_project(folder)
            sizes = build(project)
        except DoesNotFitError:
            return ""
        with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
            v = verify(project, link, generated_inputs(project.graph, FEWER.get(model.stem, INPUTS), seed=0))
    differs = "0" if v.difference is None else str(v.difference)
    numbers = (v.bytes_compared, differs, sizes.library_ram_bytes, sizes.ram_bytes, v.stack_bytes or "")
    cells = [f"{n:,}" if isinstance(n, int) else n for n in (*numbers, sizes.library_flash_bytes)]
    return f"| {model.stem} | {board_name} | {v.tensors} | {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
