"""How a project is built: other people's programs, with their arguments."""

from dataclasses import dataclass
from typing import Final

from depthwise.host.project import Project

PACKAGES: Final = {
    "arm-none-eabi-": "apt install gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "riscv64-unknown-elf-": "apt install gcc-riscv64-unknown-elf",
    "xtensa-esp32-elf-": "install ESP-IDF and run `. $IDF_PATH/export.sh`",
    "xtensa-esp32s3-elf-": "install ESP-IDF and run `. $IDF_PATH/export.sh`",
    "": "apt install gcc binutils",
}


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


MAKE: Final = BuildTool("make", "apt install make")


def compiler(prefix: str) -> BuildTool:
    """The C compiler of a toolchain."""
    return BuildTool(f"{prefix}gcc", PACKAGES[prefix])


def called(project: Project) -> str:
    """What the project's board is called in this kind of project."""
    return dict(project.board.projects)[project.kind.name]
