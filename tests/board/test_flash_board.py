"""From the project to the verdict over one URL: flashed by the real program, run on QEMU, compared bit for bit."""

import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board, boards
from depthwise.host.cli import main
from depthwise.host.demo import MODEL
from depthwise.host.emulate.chips.board_chip import emulated_boards, emulated_chip
from depthwise.host.emulate.chips.esp_rom import EspRom
from depthwise.host.emulate.chips.served_chip import served
from tests.support.flashing import image
from tests.support.models import model_path
from tests.support.projects import built

RUNNING = [name for name in emulated_boards() if boards()[name].emulator]


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


@contextmanager
def chip_of(board_name: str) -> Iterator[dict[str, Any]]:
    """`depthwise chip` as a process of its own; yields what it prints, and ends it as Ctrl-C does."""
    command = [sys.executable, "-m", "depthwise.host.cli", "chip", board_name, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        text = ""
        for line in lines:
            text += line
            if line.startswith("}"):
                break
        try:
            yield json.loads(text)
        finally:
            process.terminate()
            assert process.wait(20) == 0


@pytest.mark.board
@pytest.mark.parametrize("board_name", RUNNING)
def test_what_was_flashed_runs_behind_the_same_url_and_is_equal(board_name: str) -> None:
    folder = built(board_name).folder
    with chip_of(board_name) as place:
        assert place["runs_firmware"]
        done = json.loads(call("flash", folder, "--port", place["url"], "--json").stdout)
        assert (done["method"], done["checked"], done["started"]) == ("stm32loader", True, True)
        assert done["next"] == f"depthwise verify {folder} --port {place['url']}"
        verdict = json.loads(call("verify", folder, "--port", place["url"], "-n", 2, "--json").stdout)
        assert verdict["equal"] is True


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


@pytest.mark.board
def test_a_board_can_be_flashed_again_while_it_runs() -> None:
    first, second = built("netduinoplus2").folder, built("netduinoplus2", model_path("kws_dscnn_int8")).folder
    with chip_of("netduinoplus2") as place:
        for folder, name in ((first, MODEL.stem), (second, "kws_dscnn_int8"), (first, MODEL.stem)):
            assert call("flash", folder, "--port", place["url"]).exit_code == 0
            verdict = json.loads(call("verify", folder, "--port", place["url"], "-n", 1, "--json").stdout)
            assert (verdict["equal"], verdict["name"]) == (True, name)


@pytest.mark.board
def test_flashing_shows_what_went_where_and_what_comes_next() -> None:
    folder = built("netduinoplus2").folder
    size = (folder / "build" / "firmware.bin").stat().st_size
    with chip_of("netduinoplus2") as place:
        text = call("flash", folder, "--port", place["url"], "--verbose")
    assert f"0x08000000  {size:9,} bytes  build/firmware.bin" in text.stdout
    assert "by stm32loader at socket://" in text.stdout
    assert "compared with the board's flash" in text.stdout
    assert "Verification OK" in text.stderr


def test_the_chip_of_an_unknown_board_is_one_clear_error() -> None:
    result = call("chip", "nucleo-z999")
    assert result.exit_code == 2
    assert "no board is called 'nucleo-z999'" in result.stderr


def test_a_virtual_board_is_not_flashed() -> None:
    result = call("flash", built("host").folder)
    assert result.exit_code == 2
    assert "--virtual" in result.stderr
