"""Projects for Arduino, built with arduino-cli."""

from pathlib import Path
from typing import Final

from depthwise.codegen.project.project_kinds import ARDUINO
from depthwise.codegen.targets.boards import Board
from depthwise.host.project import Project

from .build_recipe import BuildRecipe, BuildTool, called
from .framework_parts import framework_parts
from .kind_room import KindRoom
from .payload_part import PayloadPart, not_built

TOOL: Final = BuildTool("arduino-cli", "install arduino-cli, then `arduino-cli core install PACKAGER:ARCH`")


def _recipe(project: Project) -> BuildRecipe:
    name = called(project)
    platform = ":".join(name.split(":")[:2])
    flags = f"compiler.c.extra_flags={project.manifest['build_flags']}"
    places = ("--libraries", "libraries", "--build-path", "build", "--build-property", flags)
    return BuildRecipe(
        (BuildTool(TOOL.name, TOOL.install.replace("PACKAGER:ARCH", platform)),),
        (("arduino-cli", "compile", "--fqbn", name, *places, "verify"),),
        ((r"[Pp]latform.*(not installed|not found)", f"run `arduino-cli core install {platform}`"),),
    )


def _parts(folder: Path, board: Board) -> list[PayloadPart]:
    """What `arduino-cli compile --output-dir build` leaves: `<sketch>.ino.bin` and, for ESP boards, more."""
    whole = [p.name for p in sorted((folder / "build").glob("*.ino.bin"))]
    if not whole:
        raise not_built(folder, "build/*.ino.bin")
    app = f"build/{whole[0]}"
    stem = app.removesuffix(".bin")
    return framework_parts(folder, board, app, f"{stem}.bootloader.bin", f"{stem}.partitions.bin")


ROOM: Final = KindRoom(kind=ARDUINO, recipe=_recipe, parts=_parts)
