"""Projects in the hands of the real ESP-IDF: its CMake configures them, its commands compile our files.

A checkout is named by $IDF_PATH and a Python with its packages by $IDF_PYTHON_ENV_PATH, as its own `export.sh` does.
Espressif's compilers are not needed: scripts by their names call those of the distribution, and nothing is linked.
`$DEPTHWISE_PICOLIBC` has headers of the C library (Debian: picolibc-riscv64-unknown-elf).
"""

import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.targets.boards import board
from depthwise.host.project import Project

PICOLIBC: Final = os.environ.get("DEPTHWISE_PICOLIBC", "/usr/lib/picolibc/riscv64-unknown-elf/include")
NO_COMPILATION: Final = "-c|-S|-E|--version|-v|-print*|-dump*"
SCRIPT: Final = """#!/bin/sh
extra="-nostdlib -Wl,--unresolved-symbols=ignore-all"
for a; do case $a in {no_link}) extra= ;; esac; done
exec {program} "$@" $extra
"""
TOOLS: Final = ("ar", "ranlib", "objcopy", "objdump", "nm", "size", "ld", "as", "strip", "readelf", "gdb")
# What ESP-IDF asks of a compiler that those of the distribution do not know.
DROPPED: Final = ("-mtune=esp-base", "-specs=picolibc.specs", "-mlongcalls", "-fstrict-volatile-bitfields")
GCC_ONLY: Final = ("-fno-tree-switch-conversion", "-fno-lto", "-Wno-old-style-declaration", "-fno-malloc-dce")
RENAMED: Final = {"-std=gnu23": "-std=gnu2x", "-std=gnu26": "-std=gnu2x"}


@dataclass(frozen=True, slots=True)
class Chip:
    """Names that ESP-IDF gives a chip's compiler; the distribution's tools; the compiler that judges our files."""

    prefix: str
    tools: str
    compiler: tuple[str, ...]
    dropped: tuple[str, ...] = DROPPED


RISCV: Final = ("riscv64-unknown-elf-gcc", "-march=rv32imc_zicsr_zifencei", "-mabi=ilp32")
# What the core has, where a compiler does not say it by itself; ESP-IDF has a header for it.
XTENSA_HAS: Final = tuple(f"-D__XCHAL_HAVE_{name}=1" for name in ("WINDOWED", "MAC16", "LOOPS", "MUL32_HIGH"))
XTENSA: Final = ("clang-22", "--target=xtensa", *XTENSA_HAS)
CHIPS: Final = {
    "esp32c3": Chip("riscv32-esp-elf-", "riscv64-unknown-elf-", RISCV),
    "esp32c6": Chip("riscv32-esp-elf-", "riscv64-unknown-elf-", RISCV),
    "esp32": Chip("xtensa-esp32-elf-", "xtensa-lx106-elf-", XTENSA, (*DROPPED, *GCC_ONLY)),
    "esp32s3": Chip("xtensa-esp32s3-elf-", "xtensa-lx106-elf-", XTENSA, (*DROPPED, *GCC_ONLY)),
}


def idf_path() -> Path | None:
    """The checkout, if one is named."""
    named = os.environ.get("IDF_PATH")
    return Path(named) if named else None


def target_of(project: Project) -> str:
    """ESP-IDF's name of a project's chip."""
    return dict(board(project.board.name).projects)["esp-idf"]


def configure(project: Project, idf: Path, build: Path) -> None:
    """Let ESP-IDF's CMake configure a project: components, their requirements, Kconfig. Raises ToolError."""
    target = target_of(project)
    tools = build.parent / "tools"
    _stand_ins(CHIPS[target], tools)
    python = Path(os.environ.get("IDF_PYTHON_ENV_PATH", "")) / "bin"
    path = f"{tools}:{python}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "IDF_PATH": str(idf), "IDF_COMPONENT_MANAGER": "0"}
    options = (f"-DIDF_TARGET={target}", "-DPYTHON_DEPS_CHECKED=1", f"-DPYTHON={python / 'python'}")
    command = ["cmake", "-G", "Ninja", "-S", str(project.folder), "-B", str(build), *options]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if told.returncode:
        raise ToolError(
            f"ESP-IDF does not configure a project for {target}: {told.stdout[-2000:]}{told.stderr[-4000:]}"
        )


def _stand_ins(chip: Chip, folder: Path) -> None:
    """Scripts by the names of Espressif's tools."""
    folder.mkdir(exist_ok=True)
    names = {**{tool: tool for tool in TOOLS}, "gcc-ar": "ar", "gcc-ranlib": "ranlib"}
    texts = {name: f'#!/bin/sh\nexec {chip.tools}{tool} "$@"\n' for name, tool in names.items()}
    flags = " ".join(chip.compiler[1:]) if chip.compiler == RISCV else ""
    for language in ("gcc", "g++"):
        program = f"{chip.tools}{language} {flags} -isystem {PICOLIBC}"
        texts[language] = SCRIPT.format(no_link=NO_COMPILATION, program=program)
    for name, text in texts.items():
        script = folder / f"{chip.prefix}{name}"
        script.write_text(text)
        script.chmod(0o755)


def commands(project: Project, build: Path) -> Iterator[tuple[Path, list[str], str]]:
    """Our files, the command that ESP-IDF compiles each with, by a compiler of the distribution, and where."""
    chip = CHIPS[target_of(project)]
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = Path(entry["file"])
        if not file.is_relative_to(project.folder) or file.is_relative_to(build):
            continue
        told = shlex.split(entry["command"])[1:]
        kept = [RENAMED.get(a, a) for a in told if not a.startswith("@") and a not in (*chip.dropped, "-c")]
        at = kept.index("-o")
        command = [*chip.compiler, "-isystem", PICOLIBC, *kept[:at], *kept[at + 2 :], "-fsyntax-only"]
        yield file, command, entry["directory"]


def complaints(project: Project, build: Path) -> dict[str, str]:
    """What a compiler says of each of our files, compiled with ESP-IDF's own flags, warnings as errors."""
    found: dict[str, str] = {}
    for file, command, where in commands(project, build):
        told = subprocess.run([*command, "-Werror"], cwd=where, capture_output=True, text=True, check=False)
        found[str(file.relative_to(project.folder))] = told.stderr
    return found
