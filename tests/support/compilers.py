"""Every compiler for every core: how it is called, and what must compile with it."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels import plain
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.operators import Activation, MaxPool2D
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import Core
from depthwise.host.build import build
from depthwise.host.project import Project, open_project
from tests.support.compiled import LIBRARY, STRICT, write_network
from tests.support.dsp_networks import at_minimum, matrices, vectors_chain
from tests.support.network_builder import Builder
from tests.support.offset_networks import with_offset_weights
from tests.support.places import ROOT
from tests.support.turned_networks import bordered, turned

LEVELS: Final = ("-O0", "-Og", "-O1", "-Os", "-O2", "-O3")
FRAMES: Final = ("-fomit-frame-pointer", "-fno-omit-frame-pointer")
COMPILERS: Final = ("gcc", "clang", "zig")
# string.h for compilers that come without a C library.
NO_LIBC: Final = ROOT / "firmware" / "boards" / "cores" / "freestanding"
CLANG_TARGETS: Final = {"arm-none-eabi-": "arm-none-eabi", "riscv64-unknown-elf-": "riscv32-unknown-elf"}
# What Zig's models of processors leave out is added: without it the compiler does not say that it is there.
ZIG_TARGETS: Final = {
    "host": ("x86_64-linux-musl", ""),
    "cortex-m33": ("thumb-freestanding-eabi", "cortex_m33+dsp"),
    "cortex-m55": ("thumb-freestanding-eabihf", "cortex_m55+mve"),
    "rv32imc": ("riscv32-freestanding-ilp32", "generic_rv32+m+c"),
}
# Zig checks for undefined behaviour, traps and unwinds unless told otherwise.
ZIG_FLAGS: Final = (
    *("-fno-sanitize=undefined", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables"),
    *("-fshort-enums", "-Wno-unused-command-line-argument"),
)
ROWS: Final = tuple(
    f"dw_row_{rest}{weights}{form}"
    for rest, weights, form in product("012", ("", "_wide"), ("", "_line", "_moved", "_signed", "_clamped"))
)
# Functions of the library that no network calls all of.
FUNCTIONS: Final = {
    "dsp": ("dw_dsp_dot.h", ROWS),
    "armv7m": ("dw_paired.h", tuple(f"dw_paired_{n}_{f}" for n, f in product("12345", ("line", "signed", "clamped")))),
    "mac16": ("dw_mac16_dot.h", tuple(f"dw_mac16_dots_{form}" for form in ("scaled", "signed", "clamped"))),
    "mve": ("dw_mve_dot.h", ("dw_mve_two_pixels", "dw_mve_two_pixels_signed", "dw_mve_one_pixel_signed")),
    "rows": ("dw_plain_rows.h", ("dw_rows", "dw_rows_signed")),
    "fours": ("dw_plain_fours.h", ("dw_fours", "dw_fours_signed")),
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """A way to call a compiler."""

    level: str
    frame: str

    def __str__(self) -> str:
        return self.level + (" with a frame pointer" if self.frame == FRAMES[1] else "")


CONFIGURATIONS: Final = tuple(Configuration(level, frame) for level, frame in product(LEVELS, FRAMES))
# Those that differ most, for tests: `make compilers` tries all.
FEWER: Final = (
    *(Configuration(level, FRAMES[0]) for level in ("-O0", "-Os", "-O2", "-O3")),
    Configuration("-O0", FRAMES[1]),
)


def command_of(compiler: str, core: Core) -> list[str] | str:
    """How a compiler is called for a core, or why it cannot be."""
    found = {"gcc": _gcc, "clang": _clang, "zig": _zig}[compiler](core)
    if isinstance(found, str):
        return found
    if shutil.which(found[0]) is None:
        return f"no {found[0]}"
    return [*found, "-ffreestanding", "-isystem", str(NO_LIBC)] if core.name != "host" else found


def _cpu_flags(core: Core) -> list[str]:
    """Flags of a core; vectors come with the hard float ABI alone."""
    return [*core.cpu_flags, *(["-mfloat-abi=hard"] if core.vectors else [])]


def _gcc(core: Core) -> list[str] | str:
    return [f"{core.toolchain}gcc", *_cpu_flags(core)]


def _clang(core: Core) -> list[str] | str:
    if core.name == "host":
        return ["clang"]
    if core.toolchain not in CLANG_TARGETS:
        return f"clang does not know {core.name}"
    return ["clang", f"--target={CLANG_TARGETS[core.toolchain]}", *_cpu_flags(core)]


def _zig(core: Core) -> list[str] | str:
    if core.name.startswith("xtensa"):
        return f"zig does not know {core.name}"
    if importlib.util.find_spec("ziglang") is None:
        return "no ziglang (pip install ziglang)"
    target, cpu = ZIG_TARGETS.get(core.name, ("thumb-freestanding-eabi", core.name.replace("-", "_")))
    return [sys.executable, "-m", "ziglang", "cc", "-target", target, *([f"-mcpu={cpu}"] if cpu else []), *ZIG_FLAGS]


def small(activation: Activation) -> Graph:
    """A network of every kind of layer that has assembly, for which compilers need little time."""
    build = Builder(3)
    x = build.conv(build.input(1, 9, 12, 3), 8, (3, 3), stride=(2, 1), activation=activation)
    x = build.conv(x, 7, (2, 3), activation=activation)
    x = build.conv(build.depthwise(x, (3, 3), activation=activation), 7, (1, 1), activation=activation)
    x = build.depthwise(x, (3, 3), (1, 2), activation=activation)
    for columns, stride in ((5, 1), (7, 1), (5, 2)):
        x = build.depthwise(x, (3, columns), (1, stride), activation=activation)
    x = build.add(x, build.conv(x, 7, (2, 2), activation=Activation.NONE), Activation.NONE)
    build.dense(build.mean(x), 5)
    return build.finish("small")


def general() -> Graph:
    """A network of other layers, which have none."""
    build = Builder(4)
    x = build.pool(build.depthwise(build.input(1, 6, 6, 2), (2, 2), multiplier=2), MaxPool2D, (2, 2))
    build.softmax(build.dense(build.mean(x), 3))
    return build.finish("general")


def networks() -> Iterator[tuple[str, Graph, int]]:
    """Small networks that reach every kernel of every core: names, graphs, uses of weights that are int16."""
    yield "relu", at_minimum(small(Activation.RELU)), NEVER
    yield "linear", small(Activation.NONE), ALWAYS
    yield "offset", with_offset_weights(at_minimum(small(Activation.RELU))), NEVER
    yield "inner", with_offset_weights(small(Activation.NONE)), NEVER
    yield "general", general(), NEVER
    yield "vectors", vectors_chain(4, 9, Activation.NONE), NEVER
    yield "matrices", matrices(9, 5, transposed=False, constant=False), NEVER
    yield "turned", turned(0), NEVER
    yield "bordered", bordered(1), NEVER


def written(core: Core, folder: Path) -> Path:
    """One file that holds all these networks for a core, and names the functions of the library."""
    lines = []
    for name, graph, int16_from in networks():
        made = optimize(graph).graph
        plan = choose(made, "whole", variant(made, core, int16_from))
        write_network(plan, folder, name, core=core, int16_from=int16_from)
        lines.append(f'#include "{name}.c"')
    header, functions = _functions(core)
    pointers = ", ".join(f"(void (*)(void)){name}" for name in functions)
    lines += [f'#include "{header}"', "extern void (*const library[])(void);"]
    lines += [f"void (*const library[])(void) = {{ {pointers} }};", ""]
    source = folder / "all.c"
    source.write_text("\n".join(lines))
    return source


def _functions(core: Core) -> tuple[str, tuple[str, ...]]:
    """A header of the fastest kernels of a core, and its functions."""
    first = core.families[0]
    return FUNCTIONS["rows" if first is plain.ROWS else "fours" if first is plain.FOURS else first.name]


def includes(source: Path) -> list[str]:
    """Where a file's headers lie."""
    return [*LIBRARY, f"-I{source.parent}"]


def problem_with(command: list[str], how: Configuration, source: Path, *more: str) -> str:
    """What a compiler says of a file, or nothing."""
    flags = [*STRICT, how.level, how.frame, *includes(source), *more]
    with tempfile.TemporaryDirectory() as folder:
        made = [*command, *flags, "-c", str(source), "-o", f"{folder}/all.o"]
        run = subprocess.run(made, capture_output=True, text=True, check=False)
    return "" if run.returncode == 0 else f"{how}: {run.stderr[:2000]}"


def recompiled(project: Project, folder: Path, command: list[str], *flags: str) -> Project:
    """A copy of a built project whose network a compiler has compiled; all else is as it was."""
    shutil.copytree(project.folder, folder)
    copied = open_project(folder)
    compile_into(copied, command, *flags)
    build(copied)
    return copied


def compile_into(project: Project, command: list[str], *flags: str) -> None:
    """Compile an exported project's network with a compiler; all else is left to `make`, which finds this done."""
    name = project.manifest["name"]
    made = project.folder / "build" / "network" / f"{name}.o"
    made.parent.mkdir(parents=True, exist_ok=True)
    abi = [f for f in project.board.cpu_flags if f.startswith("-mfloat-abi")]
    source = project.folder / "network" / f"{name}.c"
    more = ["-std=c99", "-ffunction-sections", "-fdata-sections"]
    subprocess.run([*command, *abi, *more, *flags, "-c", str(source), "-o", str(made)], check=True)
