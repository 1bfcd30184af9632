"""Where a network lies: its code in RAM, past flash that waits; with ESP-IDF its buffers in PSRAM."""

from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.emit.network_view import library_code_bytes
from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph
from depthwise.codegen.targets.boards import Board, core_of

from .memory import WITHOUT_CODE
from .project_kinds import ARDUINO, BARE, ESP_IDF, LIBRARY, PLATFORMIO, STM32, ZEPHYR, ProjectKind

FRAGMENT: Final = ("components/{name}/linker.lf", "project/esp-idf/linker.lf.j2")
# Kinds whose linker script is ours, or takes a fragment of ours; kinds whose linker script is the user's.
PLACED: Final = (BARE.name, STM32.name, ESP_IDF.name)
BY_MACRO: Final = (LIBRARY.name, ARDUINO.name, PLATFORMIO.name, ZEPHYR.name)
# Sections of firmware/boards/cores/bare.ld: among the data, or in a RAM of their own.
RAM_CODE, CODE_RAM = ".ram_code", ".code_ram"


@dataclass(frozen=True, slots=True)
class Placement:
    """What lies elsewhere than usual: all code of the network that computes in RAM, its static buffers in PSRAM."""

    ram_code: bool = False
    psram: bool = False

    def __bool__(self) -> bool:
        return self.ram_code or self.psram

    @property
    def wishes(self) -> dict[str, bool]:
        """What a manifest says: nothing but what was asked for."""
        return {name: True for name in ("ram_code", "psram") if getattr(self, name)}

    def check(self, kind: ProjectKind) -> None:
        """Raise InputError where nothing could place it."""
        if self.psram and kind.name != ESP_IDF.name:
            raise InputError(
                f"--psram is for projects of kind {ESP_IDF.name}, this is one of kind {kind.name}",
                f"give --project {ESP_IDF.name}",
            )
        if self.ram_code and kind.name not in PLACED:
            raise InputError(f"--ram-code is not for projects of kind {kind.name}: {_why_not(kind)}", _instead(kind))

    def files(self, kind: ProjectKind) -> tuple[tuple[str, str], ...]:
        """Files that the project has besides: (file, template)."""
        return (FRAGMENT,) if self and kind.name == ESP_IDF.name else ()

    def room(self, board: Board) -> Board:
        """The board with the RAM that data may lie in; without a limit in PSRAM. It knows whether code is in RAM."""
        board = replace(board, code_in_ram=True) if self.ram_code and self.possible(board) else board
        if self.psram:
            return replace(board, ram_bytes=0)
        if self.ram_code and board.ram_beside_code_bytes:
            return replace(board, ram_bytes=board.ram_beside_code_bytes)
        return board

    def possible(self, board: Board) -> bool:
        """Tell whether any project for a board places code."""
        return not board.name or any(kind in PLACED for kind, _ in board.projects)

    def code_bytes(self, graph: Graph, board: Board) -> int:
        """Bytes of code that lie in RAM, estimated from above: the linker says how many it is."""
        return library_code_bytes(graph, core_of(board)) if self.ram_code and self.possible(board) else 0

    def among_data(self, graph: Graph, board: Board) -> int:
        """The same where data lie: none where code has a RAM of its own."""
        return 0 if board.code_ram_bytes else self.code_bytes(graph, board)

    def left(self, graph: Graph, board: Board) -> Board:
        """The board with the RAM that code is likely to leave."""
        room = self.room(board)
        if not room.ram_bytes:
            return room
        return replace(room, ram_bytes=max(room.ram_bytes - self.among_data(graph, board), 1))

    def flags(self, board: Board) -> tuple[str, ...]:
        """What the compiler is told besides (dw_fixedpoint.h, start.h)."""
        if not self.ram_code:
            return ()
        apart = bool(board.code_ram_bytes)
        return (f"-DDW_RAM_SECTION={CODE_RAM if apart else RAM_CODE}", *(("-DDW_CODE_RAM",) if apart else ()))

    def linker_symbols(self, board: Board) -> tuple[str, ...]:
        """Where a RAM for code alone lies and how large it is: `name=value` for the linker."""
        if not self.ram_code or not board.code_ram_bytes:
            return ()
        return (f"dw_code_ram_start={board.code_ram_start:#010x}", f"dw_code_ram_bytes={board.code_ram_bytes}")


def _why_not(kind: ProjectKind) -> str:
    if kind.detached:
        return "a native module's code is in RAM already, a firmware's place for it is the port's to say"
    if kind.name in BY_MACRO:
        return "its linker script is yours"
    return "a process of this machine has no flash to wait for"


def _instead(kind: ProjectKind) -> str:
    if kind.name in BY_MACRO:
        return "compile it with -DDW_RAM_SECTION=.RamFunc, or what your script's section in RAM is called"
    return WITHOUT_CODE


USUAL: Final = Placement()
