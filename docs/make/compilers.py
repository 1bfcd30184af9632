"""Writes docs/results/compilers.md: which compilers compile the exported C, and how fast the Cortex-M4 runs it then.

`make compilers`. The matrix compiles the networks of tests/support/compilers.py with every configuration there. Cycles
are counted by the plugin of docs/make/counting.py, where one is named; the network itself is compiled with each
compiler, all else with GCC, and its outputs are verified.
"""

import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import CORES, Core
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.compiled import STRICT
from tests.support.compilers import COMPILERS, CONFIGURATIONS, LEVELS, command_of, compile_into, problem_with, written
from tests.support.models import FOLDER, INT8_MODELS

from .counting import address, compile_plugin, counts_in
from .pages import RESULTS

M4: Final = "netduinoplus2"
NAMES: Final = {"gcc": "GCC", "clang": "Clang", "zig": "Clang of ziglang"}
HEAD: Final = """# Compilers

Made by `make compilers` (`docs/make/compilers.py`); do not edit.

Where there is assembly (Cortex-M0, M0+, M4, M7, M33, M55), it is whole functions: `firmware/lib/common/dw_asm.h` \
decides, by what the compiler says of the processor, whether they compute or their twins in plain C. Nothing depends \
on how a compiler gives out registers, so every level works, with and without a frame pointer: what an IDE's Debug \
build uses is what its Release build uses. `-DDW_NO_ASM` leaves all assembly out; other compilers than GCC and Clang \
get plain C by themselves.

Clang needs a C library's `string.h` (`-isystem /usr/lib/arm-none-eabi/include` for newlib's). Zig's models of the \
Cortex-M33 and M55 leave extensions out: `-mcpu=cortex_m33+dsp` and `-mcpu=cortex_m55+mve` bring their kernels. \
Helium needs `-mfloat-abi=hard` or `softfp`.

Tests compile all of it at `-O0`, `-Os`, `-O2` and `-O3`, at `-O0` with a frame pointer too \
(`tests/board/test_compilers.py`), and run what GCC, Clang and Zig make of it on virtual boards; this page is made \
with every level, each with and without a frame pointer.
"""


def main() -> None:
    """Compile, measure, write."""
    with tempfile.TemporaryDirectory() as scratch:
        text = "\n".join([HEAD, versions(), matrix(Path(scratch)), speed(Path(scratch))])
    (RESULTS / "compilers.md").write_text(text)


def versions() -> str:
    """What each compiler calls itself."""
    core = CORES["cortex-m4"]
    said = []
    for name in COMPILERS:
        command = command_of(name, core)
        if not isinstance(command, str):
            run = subprocess.run([*command, "--version"], check=True, capture_output=True, text=True)
            said.append(f"- {NAMES[name]}: {run.stdout.splitlines()[0]}")
    return "\n".join([*said, ""])


def matrix(scratch: Path) -> str:
    """How many configurations compile without a warning, by core and compiler."""
    levels = ", ".join(f"`{level}`" for level in LEVELS)
    lines = [
        "## What compiles",
        f"Configurations that compile without a warning (`{' '.join(STRICT)}`), of {len(CONFIGURATIONS)}:",
        f"{levels}, each with and without a frame pointer.",
        "",
        f"| core | {' | '.join(NAMES[c] for c in COMPILERS)} |",
        f"|---|{'---|' * len(COMPILERS)}",
    ]
    for core in CORES.values():
        folder = scratch / core.name
        folder.mkdir()
        source = written(core, folder)
        lines.append(f"| {core.name} | {' | '.join(_counted(c, core, source) for c in COMPILERS)} |")
    return "\n".join([*lines, ""])


def _counted(compiler: str, core: Core, source: Path) -> str:
    command = command_of(compiler, core)
    if isinstance(command, str):
        return "-"
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        good = sum(not p for p in pool.map(lambda how: problem_with(command, how, source), CONFIGURATIONS))
    return f"{good} of {len(CONFIGURATIONS)}"


def speed(scratch: Path) -> str:
    """Modelled cycles of real models on the Cortex-M4, or nothing where no plugin is named."""
    plugin = compile_plugin(scratch)
    if plugin is None:
        return ""
    lines = [
        "## Speed on the Cortex-M4",
        "Modelled cycles of one inference at `-O2`, zero wait states; in brackets as a ratio to GCC.",
        "",
        f"| model | {' | '.join(NAMES[c] for c in COMPILERS)} |",
        f"|---|{'---|' * len(COMPILERS)}",
    ]
    for model in INT8_MODELS:
        counts = [cycles(FOLDER / f"{model}.tflite", c, plugin, scratch) for c in COMPILERS]
        shown = [f"{n:,} ({n / counts[0]:.3f})" for n in counts]
        lines.append(f"| {model} | {' | '.join(shown)} |")
    return "\n".join([*lines, ""])


def cycles(model: Path, compiler: str, plugin: Path, scratch: Path) -> int:
    """Cycles of one verified inference whose network a compiler has compiled."""
    folder = scratch / f"{compiler}-{model.stem}"
    export(model, folder, ExportOptions(board=board(M4)))
    project = open_project(folder)
    command = command_of(compiler, CORES[project.board.core])
    assert not isinstance(command, str), command
    compile_into(project, command, "-O2")
    build(project)
    begin, end = (address(project, n) for n in (f"{project.manifest['name']}_push_row", "dw_board_cycles"))
    log = folder / "counts.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x}")
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url, Link.open(url) as link:
        assert verify(project, link, generated_inputs(project.graph, 1, seed=0)).equal
    return sum(count for _, count in counts_in(log))


if __name__ == "__main__":
    main()
