"""Projects for ESP-IDF, built with idf.py."""

import json
from pathlib import Path
from shlex import quote
from typing import Any, Final

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.project_kinds import ESP_IDF
from depthwise.codegen.targets.boards import Board
from depthwise.host.project import Project

from .build_recipe import BuildRecipe, BuildTool, called
from .kind_room import KindRoom
from .payload_part import PayloadPart, part_at, read_built

LISTED: Final = "build/flasher_args.json"
TOOL: Final = BuildTool("idf.py", "install ESP-IDF 5.1 or later and run `. $IDF_PATH/export.sh` in this shell")


def _recipe(project: Project) -> BuildRecipe:
    return BuildRecipe((TOOL,), (("idf.py", f"-DIDF_TARGET={called(project)}", "build"),))


def _parts(folder: Path, _: Board) -> list[PayloadPart]:
    """ESP-IDF's build system lists offsets and files in `flasher_args.json`."""
    try:
        listed: dict[str, Any] = json.loads(read_built(folder, LISTED))["flash_files"]
        return [part_at(folder, f"build/{file}", int(offset, 0)) for offset, file in listed.items()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProjectError(
            f"{folder / LISTED} is damaged: {error!r}", f"run `depthwise build {quote(str(folder))}` again"
        ) from None


ROOM: Final = KindRoom(kind=ESP_IDF, recipe=_recipe, parts=_parts)
