"""The network alone as a library, built with CMake."""

from shlex import join
from typing import Final

from depthwise.codegen.project.project_kinds import LIBRARY
from depthwise.codegen.targets.boards import FREESTANDING, Board
from depthwise.codegen.targets.cores import core
from depthwise.host.compilers import stand_in
from depthwise.host.project import Project

from .build_recipe import MAKE, BuildRecipe, BuildTool, needed
from .kind_room import KindRoom

# Toolchains that Debian packages without a C library: the few functions that a network needs are declared here.
NO_C_LIBRARY: Final = {"riscv64-unknown-elf-": FREESTANDING}
CMAKE: Final = BuildTool("cmake", "apt install cmake")


def _recipe(project: Project) -> BuildRecipe:
    prefix, flags = _compiler(project.board)
    cross = ("CMAKE_SYSTEM_NAME=Generic", "CMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY") if prefix else ()
    defined = (*_programs(prefix), f"CMAKE_C_FLAGS={' '.join(flags)}", *cross)
    configure = ("cmake", "-S", ".", "-B", "build", *(f"-D{d}" for d in defined))
    tools = (CMAKE, *needed(prefix), MAKE)
    return BuildRecipe(tools, (configure, ("cmake", "--build", "build", "-j2")))


def _programs(prefix: str) -> tuple[str, ...]:
    """What CMake compiles and archives with: its lists are written with semicolons."""
    other = stand_in(prefix)
    if other is None:
        return (f"CMAKE_C_COMPILER={prefix}gcc",)
    archive = f"CMAKE_C_ARCHIVE_CREATE={join(other.ar)} qc <TARGET> <LINK_FLAGS> <OBJECTS>"
    finish = f"CMAKE_C_ARCHIVE_FINISH={join(other.ar)} s <TARGET>"
    # CMake's own attempts know no such rules: there may be no `ar` on PATH.
    return (f"CMAKE_C_COMPILER={';'.join(other.gcc)}", "CMAKE_C_COMPILER_WORKS=TRUE", archive, finish)


def _compiler(board: Board) -> tuple[str, tuple[str, ...]]:
    """Prefix and flags of the compiler: the board's own, or any for its core."""
    own = board.toolchain or board.project == "host"
    prefix, flags = (
        (board.toolchain, board.cpu_flags) if own else (core(board.core).toolchain, core(board.core).cpu_flags)
    )
    missing = NO_C_LIBRARY.get(prefix)
    return prefix, flags if missing is None else (*flags, "-ffreestanding", "-isystem", str(missing))


ROOM: Final = KindRoom(kind=LIBRARY, recipe=_recipe, parts=None)
