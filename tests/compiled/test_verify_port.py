"""`verify` without a port: it looks where `flash` looks, and says whose ticks it counted."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.cli import main
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import clock_of
from depthwise.host.project import Project, open_project
from tests.support.fake_board import serving, traced_board
from tests.support.projects import built

ST_LINK: Final = (0x0483, 0x374B)


@dataclass(frozen=True)
class Info:
    """A port as pyserial lists it."""

    device: str
    description: str
    vid: int | None = None
    pid: int | None = None


@pytest.fixture(scope="module")
def nucleo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("nucleo") / "p"
    export(MODEL, folder, ExportOptions(board=board("nucleo-f401re"), trace=True))
    return open_project(folder)


def verified(folder: Path, monkeypatch: pytest.MonkeyPatch, *ports: Info) -> Result:
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: list(ports))
    return CliRunner().invoke(main, ["verify", str(folder), "--json"])


def test_the_one_port_with_the_boards_number_is_taken(nucleo: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(traced_board(nucleo)) as url:
        done = verified(nucleo.folder, monkeypatch, Info("/dev/ttyS0", "16550A"), Info(url, "ST-Link", *ST_LINK))
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["port"], told["equal"], told["clock"]) == (url, True, "board")


@pytest.mark.parametrize(
    ("ports", "words"),
    [
        ((), "no serial port with USB number 0483:374b or 0483:3752 for nucleo-f401re; ports of this machine: none"),
        ((Info("a", "ST-Link", *ST_LINK), Info("b", "ST-Link", *ST_LINK)), "2 ports can be nucleo-f401re: a (ST-Link)"),
    ],
    ids=["none", "two"],
)
def test_a_port_that_cannot_be_told_is_asked_for(
    nucleo: Project, monkeypatch: pytest.MonkeyPatch, ports: tuple[Info, ...], words: str
) -> None:
    done = verified(nucleo.folder, monkeypatch, *ports)
    assert done.exit_code == 2
    assert words in json.loads(done.stdout)["error"]
    assert "--port" in json.loads(done.stdout)["hint"]


def test_a_board_that_is_virtual_alone_has_no_port_to_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    done = verified(built("host").folder, monkeypatch, Info("/dev/ttyUSB0", "ST-Link", *ST_LINK))
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"] == "give --port or --virtual, or --desktop"


def test_ticks_of_a_virtual_board_are_not_shown_as_a_chips() -> None:
    shown = CliRunner().invoke(main, ["verify", str(built("host").folder), "--virtual", "-n", "1"])
    assert "ticks of this computer's clock, not of a chip, for one inference" in " ".join(shown.stdout.split())
    told = CliRunner().invoke(main, ["verify", str(built("host").folder), "--virtual", "-n", "1", "--json"])
    assert json.loads(told.stdout)["clock"] == "this computer"


@pytest.mark.parametrize(("name", "clock"), [("host", "this computer"), ("mps2-m4", "QEMU"), ("netduinoplus2", "QEMU")])
def test_every_virtual_board_tells_whose_clock_it_has(name: str, clock: str) -> None:
    assert clock_of(board(name)) == clock
