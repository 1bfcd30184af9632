"""Kinds of project on the desk, a room for each: how it is built, and what of it goes into a board's flash memory."""

from .build_recipe import MAKE, BuildRecipe, BuildTool, behind, compiler
from .kind_room import KindRoom
from .payload_part import PayloadPart
from .rooms import BUILDERS, ROOMS, room_of
from .uf2_blocks import uf2_image

__all__ = [
    "BUILDERS",
    "MAKE",
    "ROOMS",
    "BuildRecipe",
    "BuildTool",
    "KindRoom",
    "PayloadPart",
    "behind",
    "compiler",
    "room_of",
    "uf2_image",
]
