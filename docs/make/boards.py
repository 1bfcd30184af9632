"""Writes docs/results/boards.md: for every board and kind of project what was compiled, flashed, run and verified here.

`make boards`. The bundled network, with a trace. Flashing is done by the unmodified stm32loader and esptool.
"""

import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import Board, board, boards
from depthwise.host.build import ImageSizes, build
from depthwise.host.demo import MODEL
from depthwise.host.emulate.chips.board_chip import emulated_boards, emulated_chip, machine_of
from depthwise.host.emulate.chips.served_chip import served
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.flash.flash_method import Job
from depthwise.host.flash.flashing import flash
from depthwise.host.flash.methods import choose
from depthwise.host.flash.payload import Payload, payload
from depthwise.host.flash.programs import Programs
from depthwise.host.kinds import PayloadPart
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import Verdict
from tests.support.frameworks import STUBS_OF, program
from tests.support.rp2040 import rp2040, runs_here

from .pages import RESULTS

MADE: Final = ("stm32", "bare", "host")
INPUTS: Final = 6
IMAGE: Final = bytes(range(256)) * 400
IMAGE_ADDRESS: Final = 0x10000
HEAD: Final = f"""# Boards

What was compiled, flashed, run and verified, with the bundled digits network and {INPUTS} inputs, every tensor
compared with the golden model. Nothing here has run on a board on a desk: `run` says what stood in for it.
Made by `make boards`. [How to connect the STM32 boards](../guide/boards-stm32.md), [kinds of
project](../guide/projects.md), [flashing with injected faults](faults.md).

## Bare metal
`compiled` by the board's own cross compiler, flash and RAM by the ELF. `flashed`: the unmodified stm32loader wrote
the image into an emulated chip (AN3155) and compared it. `run`: that image, out of the chip's flash memory, on QEMU
(or the ELF itself, where the chip has no emulated boot loader). STM32F4 images run on QEMU's STM32F405, which has
their peripherals at the same addresses; the Pico's runs on rp2040js. Where nothing stands in for an STM32, clock,
UART, pins and interrupt are held against the reference manual's formulas register by register
(`tests/compiled/test_stm32.py`).

| board | chip | compiled | flash | RAM | flashed | run | verified: bytes compared, differing |
|---|---|---|---|---|---|---|---|
"""
FRAMEWORKS: Final = """
## Frameworks
No ESP-IDF, Arduino core, Zephyr or PlatformIO registry can be had where these tests run. Each project was exported
for the board; its application, the framework's board file included, was compiled strictly (`-Wall -Wextra -Wconversion
-Wshadow -Werror`) against stand-ins of the framework's headers (`tests/support/stubs`), run over TCP and verified;
`equal` is that. For `library`, CMake built it with the compiler for the core; `C only`: there is none here (LX6 and
LX7), its C is compiled by the lx106 compiler in the tests. `flashed`: esptool wrote a made-up image of 102,400 bytes
into an emulated chip's ROM loader, and compared it: there is no compiler here that makes the real one.

| board | core | esp-idf | arduino | platformio | zephyr | library | flashed |
|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Write both tables."""
    known = list(boards().values())
    metal = [b.name for b in known if b.project in MADE]
    framed = [b.name for b in known if any(kind in STUBS_OF for kind, _ in b.projects)]
    with ProcessPoolExecutor() as pool:
        text = HEAD + "".join(pool.map(metal_row, metal)) + FRAMEWORKS + "".join(pool.map(framework_row, framed))
    (RESULTS / "boards.md").write_text(text)


def metal_row(name: str) -> str:
    """One board's bare-metal project, from export to verdict."""
    chosen = board(name)
    with tempfile.TemporaryDirectory() as scratch:
        project = _exported(chosen, chosen.project, Path(scratch) / "project")
        sizes = build(project)
        flashed, run, verdict = _run(project)
    cells = (dict(chosen.projects)[chosen.project], f"{chosen.toolchain}gcc", *_bytes(sizes), flashed, run)
    return f"| {name} | {' | '.join(cells)} | {_said(verdict)} |\n"


def _run(project: Project) -> tuple[str, str, Verdict | None]:
    """Flashed by, run on, and what verification found."""
    chosen = project.board
    machine = f"QEMU {chosen.emulator.machine}" if chosen.emulator else ""
    if chosen.name in emulated_boards():
        return "stm32loader", machine, _on_chip(project)
    if "uf2" in dict(chosen.flashing) and runs_here():
        with rp2040(project.firmware.with_suffix(".uf2")) as url:
            return "", "rp2040js", _verified(project, url)
    if not chosen.virtual:
        return "", "", None
    with virtual_board(project.firmware, chosen) as url:
        return "", machine or "a process", _verified(project, url)


def _on_chip(project: Project) -> Verdict | None:
    """Flash an emulated chip; verify what then runs out of its flash memory, if anything can run it."""
    chosen, chip = project.board, emulated_chip(project.board)
    machine = machine_of(chosen, chip)
    with served(chip, machine=machine) as place:
        _flash(chosen, payload(project.folder, project.kind, chosen), "stm32loader", place.url)
        return _verified(project, place.url) if machine else None


def _flash(chosen: Board, content: Payload, method: str, url: str) -> None:
    programs = Programs()
    choice = choose(chosen, programs, method, url)
    job = Job(chosen, content, argument=choice.argument, port=choice.port, report=lambda *_: None, programs=programs)
    assert flash(job, choice, 1, lambda _: None).checked


def framework_row(name: str) -> str:
    """One board as each kind of framework project, over the stand-ins."""
    chosen = board(name)
    offered = {kind for kind, _ in chosen.projects}
    cells = [
        _stand_in(chosen, kind) if kind in offered else "" for kind in ("esp-idf", "arduino", "platformio", "zephyr")
    ]
    return f"| {name} | {chosen.core} | {' | '.join(cells)} | {_library(chosen)} | {_esp(chosen)} |\n"


def _stand_in(chosen: Board, kind: str) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        project = _exported(chosen, kind, Path(scratch) / "project")
        made = program(project, STUBS_OF[kind][0], Path(scratch))
        with virtual_board(made, board("host")) as url:
            verdict = _verified(project, url)
    return "equal" if verdict.equal else str(verdict.difference)


def _library(chosen: Board) -> str:
    if chosen.core.startswith("xtensa"):
        return "C only"
    with tempfile.TemporaryDirectory() as scratch:
        build(_exported(chosen, "library", Path(scratch) / "project"))
    return "built"


def _esp(chosen: Board) -> str:
    if "esptool" not in dict(chosen.flashing):
        return ""
    with served(emulated_chip(chosen)) as place:
        _flash(chosen, Payload((PayloadPart(IMAGE_ADDRESS, "made-up", IMAGE),)), "esptool", place.url)
    return "esptool"


def _exported(chosen: Board, kind: str, folder: Path) -> Project:
    export(MODEL, folder, ExportOptions(board=chosen, trace=kind != "library", project=kind))
    return open_project(folder)


def _verified(project: Project, url: str) -> Verdict:
    with Link.open(url) as link:
        return verify(project, link, generated_inputs(project.graph, INPUTS, seed=0))


def _bytes(sizes: ImageSizes) -> tuple[str, str]:
    return f"{sizes.flash_bytes:,}", f"{sizes.ram_bytes:,}"


def _said(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    return f"{verdict.bytes_compared:,}, {'0' if verdict.equal else str(verdict.difference)}"


if __name__ == "__main__":
    main()
