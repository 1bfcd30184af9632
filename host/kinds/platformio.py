"""Projects for PlatformIO, built with pio."""

from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.project_kinds import PLATFORMIO
from depthwise.codegen.targets.boards import Board
from depthwise.host.project import Project

from .build_recipe import BuildRecipe, BuildTool
from .framework_parts import framework_parts
from .kind_room import KindRoom
from .payload_part import PayloadPart, not_built

TOOL: Final = BuildTool("pio", "pip install platformio")


def _recipe(project: Project) -> BuildRecipe:
    command = ("pio", "run", "-d", ".", "-e", project.board.name)
    return BuildRecipe((TOOL,), (command,))


def _parts(folder: Path, board: Board) -> list[PayloadPart]:
    """What `pio run` leaves in the folder of the project's environment."""
    found = sorted((folder / ".pio" / "build").glob("*/firmware.bin"))
    if not found:
        raise not_built(folder, ".pio/build/*/firmware.bin")
    named = [p for p in found if p.parent.name == board.name] or found
    if len(named) > 1:
        raise ProjectError(
            f"{folder} is built for {len(named)} environments: {', '.join(p.parent.name for p in named)}",
            "remove the folders of those that are not to be flashed",
        )
    inside = named[0].parent.relative_to(folder).as_posix()
    names = (f"{inside}/firmware.bin", f"{inside}/bootloader.bin", f"{inside}/partitions.bin")
    return framework_parts(folder, board, *names)


ROOM: Final = KindRoom(kind=PLATFORMIO, recipe=_recipe, parts=_parts)
