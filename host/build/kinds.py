"""The programs that build each kind of project, with their arguments, and what to install where one is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.targets.boards import FREESTANDING, Board
from depthwise.codegen.targets.cores import core
from depthwise.host.project import Project

PACKAGES: Final = {
    "arm-none-eabi-": "apt install gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "riscv64-unknown-elf-": "apt install gcc-riscv64-unknown-elf",
    "xtensa-esp32-elf-": "install ESP-IDF and run `. $IDF_PATH/export.sh`",
    "xtensa-esp32s3-elf-": "install ESP-IDF and run `. $IDF_PATH/export.sh`",
    "": "apt install gcc binutils",
}
# Toolchains that Debian packages without a C library: the few functions that a network needs are declared here.
NO_C_LIBRARY: Final = {"riscv64-unknown-elf-": FREESTANDING}


@dataclass(frozen=True, slots=True)
class BuildTool:
    """A program that has to be on PATH, and how to get it there."""

    name: str
    install: str


@dataclass(frozen=True, slots=True)
class BuildRecipe:
    """Tools, commands to be run one after another in the project's folder, and hints for words of their errors."""

    tools: tuple[BuildTool, ...]
    commands: tuple[tuple[str, ...], ...]
    hints: tuple[tuple[str, str], ...] = ()


def _make(project: Project) -> BuildRecipe:
    prefix = project.board.toolchain
    return BuildRecipe((BuildTool("make", "apt install make"), BuildTool(f"{prefix}gcc", PACKAGES[prefix])), (("make", "-j2"),))


def _cmake(project: Project) -> BuildRecipe:
    prefix, flags = _compiler(project.board)
    tools = (
        BuildTool("cmake", "apt install cmake"),
        BuildTool(f"{prefix}gcc", PACKAGES[prefix]),
        BuildTool("make", "apt install make"),
    )
    cross = ("CMAKE_SYSTEM_NAME=Generic", "CMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY") if prefix else ()
    defined = (f"CMAKE_C_COMPILER={prefix}gcc", f"CMAKE_C_FLAGS={' '.join(flags)}", *cross)
    configure = ("cmake", "-S", ".", "-B", "build", *(f"-D{d}" for d in defined))
    return BuildRecipe(tools, (configure, ("cmake", "--build", "build", "-j2")))


def _compiler(board: Board) -> tuple[str, tuple[str, ...]]:
    """Prefix and flags of the compiler: the board's own, or any for its core."""
    own = board.toolchain or board.project == "host"
    prefix, flags = (
        (board.toolchain, board.cpu_flags) if own else (core(board.core).toolchain, core(board.core).cpu_flags)
    )
    missing: Path | None = NO_C_LIBRARY.get(prefix)
    return prefix, flags if missing is None else (*flags, "-ffreestanding", "-isystem", str(missing))


def _idf(project: Project) -> BuildRecipe:
    tool = BuildTool("idf.py", "install ESP-IDF 5.1 or later and run `. $IDF_PATH/export.sh` in this shell")
    return BuildRecipe((tool,), (("idf.py", f"-DIDF_TARGET={_called(project)}", "build"),))


def _arduino(project: Project) -> BuildRecipe:
    called = _called(project)
    platform = ":".join(called.split(":")[:2])
    flags = f"compiler.c.extra_flags={project.manifest['build_flags']}"
    places = ("--libraries", "libraries", "--build-path", "build", "--build-property", flags)
    return BuildRecipe(
        (BuildTool("arduino-cli", f"install arduino-cli, then `arduino-cli core install {platform}`"),),
        (("arduino-cli", "compile", "--fqbn", called, *places, "verify"),),
        ((r"[Pp]latform.*(not installed|not found)", f"run `arduino-cli core install {platform}`"),),
    )


def _platformio(project: Project) -> BuildRecipe:
    return BuildRecipe((BuildTool("pio", "pip install platformio"),), (("pio", "run", "-d", ".", "-e", project.board.name),))


def _west(project: Project) -> BuildRecipe:
    workspace = "set ZEPHYR_BASE to Zephyr's folder, `west zephyr-export` and its toolchain have to be set up too"
    return BuildRecipe(
        (BuildTool("west", "pip install west, and get Zephyr: docs.zephyrproject.org, Getting Started"),),
        (("west", "build", "-b", _called(project), "-d", "build", "."),),
        (('inside a workspace|unknown command "build"|find_package.*Zephyr', workspace),),
    )


def _called(project: Project) -> str:
    return dict(project.board.projects)[project.kind.name]


RECIPES: Final[dict[str, Callable[[Project], BuildRecipe]]] = {
    "host": _make,
    "bare": _make,
    "stm32": _make,
    "library": _cmake,
    "esp-idf": _idf,
    "arduino": _arduino,
    "platformio": _platformio,
    "zephyr": _west,
}
