"""Which way of flashing is taken, which port, and what is said where there is none."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.errors import InputError, LinkError, ToolError
from depthwise.codegen.targets.boards import Board, board
from depthwise.host.flash.methods import Choice, choose
from depthwise.host.flash.programs import ON_URL, Programs
from depthwise.host.flash.usb_ports import SerialPort, find_port

ST_LINK = SerialPort("/dev/ttyACM0", "ST-Link VCP", "0483:374b")
SECOND = SerialPort("/dev/ttyACM1", "ST-Link VCP", "0483:374b")
OTHER = SerialPort("/dev/ttyS0", "16550A", "")
NUCLEO = replace(
    board("netduinoplus2"),
    name="nucleo",
    usb=("0483:374b",),
    flashing=(("drive", "NODE_F401RE"), ("openocd", "board/st.cfg"), ("pyocd", "f4"), ("stm32loader", "F4")),
)
DEVKIT = replace(NUCLEO, name="devkit", usb=("10c4:ea60", "303a:1001"), flashing=(("esptool", "esp32c3"),))


@pytest.fixture(autouse=True)
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """No program and no drive but those that a test puts there."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "drives").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("DEPTHWISE_DRIVES", str(tmp_path / "drives"))

    def install(name: str) -> Path:
        path = tmp_path / "bin" / name
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return path

    return install


def chosen(made: Board, *ports: SerialPort, name: str | None = None, port: str | None = None) -> Choice:
    return choose(made, Programs(), name, port, lambda: ports)


def test_the_first_way_that_is_possible_is_taken(nothing_installed: Callable[[str], Path], tmp_path: Path) -> None:
    assert chosen(NUCLEO, ST_LINK) == Choice("stm32loader", "F4", "/dev/ttyACM0")
    nothing_installed("openocd")
    assert chosen(NUCLEO, ST_LINK) == Choice("openocd", "board/st.cfg", "")
    (tmp_path / "drives" / "NODE_F401RE").mkdir()
    assert chosen(NUCLEO, ST_LINK) == Choice("drive", "NODE_F401RE", "")


def test_a_given_port_leaves_what_goes_over_a_port(nothing_installed: Callable[[str], Path]) -> None:
    nothing_installed("openocd")
    assert chosen(NUCLEO, port="socket://a:1") == Choice("stm32loader", "F4", "socket://a:1")


def test_a_given_method_is_taken_or_its_lack_is_named(nothing_installed: Callable[[str], Path]) -> None:
    with pytest.raises(ToolError, match=r"pyocd: pyocd is not installed \(pip install pyocd\)"):
        chosen(NUCLEO, ST_LINK, name="pyocd")
    nothing_installed("pyocd")
    assert chosen(NUCLEO, ST_LINK, name="pyocd") == Choice("pyocd", "f4", "")


def test_where_nothing_is_possible_everything_that_was_looked_for_is_named() -> None:
    with pytest.raises(ToolError) as error:
        chosen(NUCLEO, OTHER)
    for part in (
        "nucleo cannot be flashed from here",
        "drive: no drive NODE_F401RE is mounted",
        "openocd: openocd is not installed (apt install openocd)",
        "stm32loader: no serial port with USB number 0483:374b",
        "or give --port",
    ):
        assert part in str(error.value)


def test_two_drives_of_one_label_are_not_guessed_between(tmp_path: Path) -> None:
    for name in ("NODE_F401RE", "NODE_F401RE1"):
        (tmp_path / "drives" / name).mkdir()
    with pytest.raises(ToolError, match=r"2 drives are called NODE_F401RE: .*unplug all boards but one"):
        chosen(NUCLEO, name="drive")


@pytest.mark.parametrize("name", ["NODE_F401RE", "NOD_F401RE", "user/NODE_F401RE", "NODE_F401RE1"])
def test_a_drive_is_found_by_its_label(tmp_path: Path, name: str) -> None:
    (tmp_path / "drives" / name).mkdir(parents=True)
    (tmp_path / "drives" / "NODE_F411RE").mkdir()
    assert chosen(NUCLEO).name == "drive"


def test_a_method_that_the_board_does_not_have_is_answered_with_those_it_has() -> None:
    with pytest.raises(InputError, match="devkit is not flashed by drive; it can be by esptool"):
        chosen(DEVKIT, name="drive")


def test_a_port_for_a_board_that_needs_none_is_an_error() -> None:
    with pytest.raises(InputError, match="leave --port out"):
        chosen(NUCLEO, name="openocd", port="/dev/ttyACM0")


def test_a_port_is_found_by_any_of_the_boards_usb_numbers() -> None:
    jtag = SerialPort("/dev/ttyACM3", "USB JTAG/serial debug unit", "303a:1001")
    assert chosen(DEVKIT, OTHER, ST_LINK, jtag) == Choice("esptool", "esp32c3", "/dev/ttyACM3")


def test_several_ports_are_all_named() -> None:
    with pytest.raises(LinkError, match=r"2 ports can be nucleo: /dev/ttyACM0 \(ST-Link VCP\), /dev/ttyACM1.*--port"):
        chosen(NUCLEO, ST_LINK, SECOND, name="stm32loader")


def test_without_a_port_those_of_the_machine_are_named() -> None:
    with pytest.raises(LinkError, match=r"no serial port with USB number 0483:374b for nucleo.*/dev/ttyS0 \(16550A\)"):
        find_port(NUCLEO, lambda: [OTHER])


def test_a_board_without_usb_numbers_needs_a_port() -> None:
    with pytest.raises(ToolError, match="stm32loader: needs --port"):
        chosen(replace(NUCLEO, usb=(), flashing=(("stm32loader", "F4"),)), OTHER)


def test_programs_are_taken_from_the_path_first_then_from_this_python(nothing_installed: Callable[[str], Path]) -> None:
    assert Programs().find("stm32loader") == (sys.executable, "-m", "stm32loader")
    path = nothing_installed("stm32loader")
    assert Programs().find("stm32loader") == (str(path),)
    assert Programs().find_for_url("stm32loader") == (*ON_URL, "stm32loader")
    assert Programs().find("openocd") is None
