"""Every ESP board is flashed part by part by the real esptool."""

import struct
from pathlib import Path

import pytest

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board, boards
from depthwise.host.demo import MODEL
from depthwise.host.emulate.chips.board_chip import emulated_boards, emulated_chip
from depthwise.host.emulate.chips.esp_rom import EspRom
from depthwise.host.emulate.chips.served_chip import served
from tests.support.commands import call
from tests.support.flashing import image


@pytest.mark.parametrize("board_name", [n for n in emulated_boards() if "esptool" in dict(boards()[n].flashing)])
def test_an_arduino_project_is_flashed_into_every_esp_board_part_by_part(board_name: str, tmp_path: Path) -> None:
    made = board(board_name)
    export(MODEL, tmp_path / "p", ExportOptions(board=made, trace=True, project="arduino"))
    table = struct.pack("<2sBBII16sI", b"\xaa\x50", 1, 0, 0xE000, 0x2000, b"otadata", 0)
    table += struct.pack("<2sBBII16sI", b"\xaa\x50", 0, 0x10, 0x10000, 0x140000, b"app0", 0)
    parts = {"bootloader.": image(20_000, 1), "partitions.": table, "": image(100_000, 2)}
    (tmp_path / "p" / "build").mkdir()
    for name, content in parts.items():
        (tmp_path / "p" / "build" / f"verify.ino.{name}bin").write_bytes(content)
    chip = emulated_chip(made)
    assert isinstance(chip, EspRom)
    chip.flash.data[0xE000:0x10000] = bytes(0x2000)
    with served(chip) as place:
        result = call("flash", tmp_path / "p", "--port", place.url)
    assert result.exit_code == 0, result.output
    assert "press reset" in result.stdout
    places = zip((chip.chip.boot_offset, 0x8000, 0x10000), parts.values(), strict=True)
    assert all(chip.flash.data[at : at + len(content)] == content for at, content in places)
    assert chip.flash.data[0xE000:0x10000] == b"\xff" * 0x2000
