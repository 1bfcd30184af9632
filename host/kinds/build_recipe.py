"""How a project is built: other people's programs, with their arguments."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.targets.boards import Board
from depthwise.host.compilers import LLVM, LLVM_INSTALL, WINDOWED_SCRIPT, install_of, stand_in
from depthwise.host.project import Project


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


# What a board's driver calls beside the toolchain, by the driver's name.
BEHIND: Final = {WINDOWED_SCRIPT.name: tuple(BuildTool(name, LLVM_INSTALL) for name in LLVM)}
MAKE: Final = BuildTool("make", "apt install make")


def compiler(prefix: str) -> BuildTool:
    """The C compiler of a toolchain."""
    return BuildTool(f"{prefix}gcc", install_of(prefix))


def needed(prefix: str) -> tuple[BuildTool, ...]:
    """The compiler of a toolchain that has to be on PATH: none where another one stands in for it."""
    return () if stand_in(prefix) else (compiler(prefix),)


def behind(board: Board) -> tuple[BuildTool, ...]:
    """What a board's driver calls beside its toolchain."""
    return BEHIND[Path(board.driver).name] if board.driver else ()


def called(project: Project) -> str:
    """What the project's board is called in this kind of project."""
    return dict(project.board.projects)[project.kind.name]
