"""Where ESP-IDF's linker puts a network: its code into RAM for instructions, its buffers into PSRAM."""

from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.emit.network_view import FIRMWARE_BYTES, variant
from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph
from depthwise.codegen.targets.boards import Board, core_of

from .project_kinds import ESP_IDF, ProjectKind

# The ESP32's code lies in SRAM0, which holds no data; on the later chips both share one RAM.
APART: Final = ("xtensa-lx6",)
FRAGMENT: Final = ("components/{name}/linker.lf", "project/esp-idf/linker.lf.j2")


@dataclass(frozen=True, slots=True)
class Placement:
    """What lies elsewhere than usual: all code of the network in RAM, its static buffers in PSRAM."""

    iram: bool = False
    psram: bool = False

    def __bool__(self) -> bool:
        return self.iram or self.psram

    @property
    def wishes(self) -> dict[str, bool]:
        """What a manifest says: nothing but what was asked for."""
        return {name: True for name in ("iram", "psram") if getattr(self, name)}

    def check(self, kind: ProjectKind) -> None:
        """Raise InputError where nothing could place it."""
        if self and kind.name != ESP_IDF.name:
            asked = " and ".join(f"--{name}" for name in self.wishes)
            said = f"{asked} is for projects of kind {ESP_IDF.name}, this is one of kind {kind.name}"
            raise InputError(said, f"give --project {ESP_IDF.name}")

    def files(self) -> tuple[tuple[str, str], ...]:
        """Files that the project has besides: (file, template)."""
        return (FRAGMENT,) if self else ()

    def room(self, graph: Graph, board: Board) -> Board:
        """The board with the RAM that is left for data: without the code, estimated from above; no limit in PSRAM."""
        if self.psram or not board.ram_bytes:
            return replace(board, ram_bytes=0)
        if not self.iram or board.core in APART:
            return board
        code = variant(graph, core_of(board)).code_bytes - FIRMWARE_BYTES
        return replace(board, ram_bytes=max(board.ram_bytes - code, 1))


USUAL: Final = Placement()
