"""The emulated chip of a board, and the firmware in its flash memory on QEMU."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.scratch_folder import scratch_folder
from depthwise.codegen.targets.boards import Board, boards
from depthwise.host.emulate.qemu import virtual_board

from .an3155 import An3155
from .esp_chips import CHIPS as ESP_CHIPS
from .esp_rom import EspRom
from .served_chip import FirmwareRunner
from .stm32_chips import stm32_chip

CONNECT_SECONDS: Final = 10.0


def emulated_chip(board: Board) -> An3155 | EspRom:
    """The chip of a board in its boot loader, erased. Raises InputError for a board whose chip is not emulated."""
    methods = dict(board.flashing)
    if methods.get("esptool") in ESP_CHIPS:
        return EspRom(ESP_CHIPS[methods["esptool"]])
    chip = stm32_chip(dict(board.projects).get("stm32", ""))
    if chip is None or "stm32loader" not in methods:
        raise InputError(f"the chip of {board.name} is not emulated", f"those of {', '.join(emulated_boards())} are")
    return An3155(chip.with_flash(board.flash_bytes))


def emulated_boards() -> tuple[str, ...]:
    """Names of the boards whose chips are emulated."""
    known = boards().values()
    return tuple(
        b.name
        for b in known
        if dict(b.flashing).get("esptool") in ESP_CHIPS
        or ("stm32loader" in dict(b.flashing) and stm32_chip(dict(b.projects).get("stm32", "")) is not None)
    )


def machine_of(board: Board, chip: An3155 | EspRom) -> FirmwareRunner | None:
    """What runs the contents of the chip's flash memory; None for a board without a virtual twin."""
    return (lambda: _running(board, chip)) if board.emulator is not None and isinstance(chip, An3155) else None


@contextmanager
def _running(board: Board, chip: An3155 | EspRom) -> Iterator[socket.socket]:
    """QEMU with the flash memory exactly as it is; yields the socket of the firmware's UART."""
    with scratch_folder("chip") as folder:
        image = folder / "flash.bin"
        image.write_bytes(chip.flash.data)
        with virtual_board(image, board) as url:
            host, port = url.removeprefix("socket://").split(":")
            with socket.create_connection((host, int(port)), CONNECT_SECONDS) as line:
                yield line
