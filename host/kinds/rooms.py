"""The rooms of all kinds of project."""

from typing import Final

from depthwise.codegen.project.project_kinds import KINDS, MICROPYTHON, ProjectKind
from depthwise.host.kinds import arduino, esp_idf, library_kind, make, platformio, zephyr

from .kind_room import KindRoom

ROOMS: Final = {
    room.kind: room
    for room in (
        make.HOST_ROOM,
        make.BARE_ROOM,
        make.STM32_ROOM,
        esp_idf.ROOM,
        arduino.ROOM,
        platformio.ROOM,
        zephyr.ROOM,
        library_kind.ROOM,
        KindRoom(kind=MICROPYTHON, recipe=None, parts=None),  # native modules: host/build/natmod.py
    )
}
# Whose program builds a kind of project, where that is one program.
BUILDERS: Final = {
    esp_idf.ROOM.kind: esp_idf.TOOL,
    arduino.ROOM.kind: arduino.TOOL,
    platformio.ROOM.kind: platformio.TOOL,
    zephyr.ROOM.kind: zephyr.TOOL,
    library_kind.ROOM.kind: library_kind.CMAKE,
}


def room_of(kind: ProjectKind) -> KindRoom:
    """The room of a kind of project."""
    return ROOMS[KINDS[kind.name]]
