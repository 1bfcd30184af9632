"""Projects for Zephyr, built with west."""

import re
from pathlib import Path
from typing import Final

from depthwise.codegen.project.project_kinds import ZEPHYR
from depthwise.codegen.targets.boards import Board
from depthwise.host.project import Project

from .build_recipe import BuildRecipe, BuildTool, called
from .kind_room import KindRoom
from .payload_part import PayloadPart, part_at, read_built

TOOL: Final = BuildTool("west", "pip install west, and get Zephyr: docs.zephyrproject.org, Getting Started")


def _recipe(project: Project) -> BuildRecipe:
    workspace = "set ZEPHYR_BASE to Zephyr's folder, `west zephyr-export` and its toolchain have to be set up too"
    return BuildRecipe(
        (TOOL,),
        (("west", "build", "-b", called(project), "-d", "build", "."),),
        (('inside a workspace|unknown command "build"|find_package.*Zephyr', workspace),),
    )


def _parts(folder: Path, board: Board) -> list[PayloadPart]:
    """`zephyr.bin`, linked for CONFIG_FLASH_LOAD_OFFSET; on ESP chips with its boot header inside."""
    config = read_built(folder, "build/zephyr/.config").decode(errors="replace")
    match = re.search(r"^CONFIG_FLASH_LOAD_OFFSET=(0x[0-9a-fA-F]+|\d+)$", config, re.MULTILINE)
    start = 0 if "esptool" in dict(board.flashing) else board.flash_start
    return [part_at(folder, "build/zephyr/zephyr.bin", start + (int(match[1], 0) if match else 0))]


ROOM: Final = KindRoom(kind=ZEPHYR, recipe=_recipe, parts=_parts)
