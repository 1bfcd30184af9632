"""Projects that `make` builds: a process of this machine, bare metal."""

from pathlib import Path
from shlex import join
from typing import Final

from depthwise.codegen.project.project_kinds import BARE, HOST, STM32
from depthwise.codegen.targets.boards import Board
from depthwise.host.compilers import stand_in
from depthwise.host.project import Project

from .build_recipe import MAKE, BuildRecipe, behind, needed
from .kind_room import KindRoom
from .payload_part import PayloadPart, part_at


def _recipe(project: Project) -> BuildRecipe:
    prefix, driven = project.board.toolchain, behind(project.board)
    other = None if driven else stand_in(prefix)
    variables = (f"CC={join(other.gcc)}", f"OBJCOPY={join(other.objcopy)}") if other else ()
    return BuildRecipe((MAKE, *needed(prefix), *driven), (("make", "-j2", *variables),))


def _parts(folder: Path, board: Board) -> list[PayloadPart]:
    return [part_at(folder, "build/firmware.bin", board.flash_start)]


HOST_ROOM: Final = KindRoom(kind=HOST, recipe=_recipe, parts=None)
BARE_ROOM: Final = KindRoom(kind=BARE, recipe=_recipe, parts=_parts)
STM32_ROOM: Final = KindRoom(kind=STM32, recipe=_recipe, parts=_parts)
