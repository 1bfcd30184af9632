"""`depthwise doctor` and `depthwise ports`: what a machine lacks is named with the command that mends it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.targets.boards import board, boards
from depthwise.host.compilers import LLVM, install_of
from depthwise.host.doctor import Finding, ThisMachine, check_up
from depthwise.host.doctor.extras_there import EXTRAS
from depthwise.host.flash.guessed_boards import guessed_boards
from depthwise.host.flash.usb_ports import SerialPort
from tests.support.commands import call
from tests.support.places import ROOT

STLINK = SerialPort("/dev/ttyACM0", "STM32 STLink", "0483:374b")
FULL = ThisMachine(which="/bin/".__add__, importable=lambda _: True, ports=lambda: [STLINK], allowed=lambda _: True)
EMPTY = ThisMachine(which=lambda _: None, importable=lambda _: False, ports=list, usb=Path("/nowhere"))


def by_name(machine: ThisMachine) -> dict[str, Finding]:
    return {f"{f.group} {f.name}": f for f in check_up(machine)}


def test_a_machine_with_everything_lacks_nothing() -> None:
    assert {f.state.value for f in check_up(FULL)} == {"ok"}
    assert {f.mend for f in check_up(FULL)} == {""}


def test_everything_that_is_missing_is_named_with_what_mends_it() -> None:
    found = by_name(EMPTY)
    assert {f.state.value for f in found.values()} == {"missing"}
    assert all(f.mend and f.needed_for for f in found.values())
    assert found["compiler arm-none-eabi-gcc"].mend == install_of("arm-none-eabi-")
    assert found["emulator qemu-system-riscv32"].mend == "apt install qemu-system-misc"
    assert found["compiler gcc"].needed_for == "host"
    assert found["compiler clang-22"].needed_for == "xtensa-lx, MicroPython modules of xtensawin"
    assert {found[f"compiler {name}"].mend for name in LLVM} == {"apt install clang-22 llvm-22"}
    assert found["port serial port"].mend == "plug the board in with a cable that carries data"


def test_ziglang_stands_in_for_compilers_of_arm_and_risc_v() -> None:
    found = by_name(replace(EMPTY, importable=lambda name: name == "ziglang"))
    ok = {name for name, f in found.items() if f.state.value == "ok"}
    assert ok == {"compiler arm-none-eabi-gcc", "compiler riscv64-unknown-elf-gcc", "extra build"}
    assert "ziglang stands in" in found["compiler arm-none-eabi-gcc"].needed_for


def test_every_toolchain_emulator_and_flashing_program_of_the_boards_is_looked_for() -> None:
    names = {f.name for f in check_up(EMPTY)}
    for known in boards().values():
        assert not known.toolchain or f"{known.toolchain}gcc" in names
        assert known.emulator is None or known.emulator.system in names
        assert {method for method, _ in known.flashing} <= names | {"drive", "uf2"}


def test_extras_are_those_of_the_installation() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    extras = text.partition("[project.optional-dependencies]")[2].partition("[project.scripts]")[0]
    named = {line.partition(" = ")[0] for line in extras.splitlines() if " = [" in line}
    assert named - {"dev"} == set(EXTRAS)


def test_a_port_that_may_not_be_opened_names_its_group(tmp_path: Path) -> None:
    device = tmp_path / "ttyUSB0"
    device.touch()
    port = SerialPort(str(device), "USB serial", "1a86:7523")
    machine = replace(FULL, ports=lambda: [port], allowed=lambda _: False, platform="linux", usb=tmp_path)
    found = by_name(machine)[f"port {device}"]
    assert (found.state.value, found.mend) == ("broken", f"sudo usermod -aG {device.group()} $USER, then log in again")
    assert by_name(replace(machine, platform="darwin"))[f"port {device}"].state.value == "ok"


@pytest.mark.parametrize(("platform", "device"), [("win32", "COM3"), ("darwin", "/dev/cu.usbmodem14203")])
def test_ports_of_other_systems_keep_their_names(platform: str, device: str) -> None:
    port = replace(STLINK, device=device)
    found = by_name(replace(FULL, ports=lambda: [port], platform=platform))
    assert found[f"port {device}"].state.value == "ok"


def test_a_probe_that_may_not_be_opened_is_mended_by_a_udev_rule(tmp_path: Path) -> None:
    probe = tmp_path / "sys" / "1-2"
    probe.mkdir(parents=True)
    for name, text in (("idVendor", "0483"), ("idProduct", "374b"), ("busnum", "1"), ("devnum", "7")):
        (probe / name).write_text(f"{text}\n")
    machine = replace(FULL, usb=tmp_path / "sys", platform="linux", allowed=lambda p: p.name != "007")
    found = by_name(machine)["probe 0483:374b"]
    assert found.detail == "/dev/bus/usb/001/007 cannot be opened by this user"
    assert 'ATTR{idVendor}=="0483", ATTR{idProduct}=="374b", TAG+="uaccess"' in found.mend
    assert "probe 0483:374b" not in by_name(replace(machine, allowed=lambda _: True))


def test_boards_at_a_port_are_those_with_its_number_and_of_these_the_one_whose_drive_is_there(tmp_path: Path) -> None:
    assert "nucleo-f446re" in guessed_boards(STLINK, lambda _: [])
    assert len(guessed_boards(STLINK, lambda _: [])) > 1
    label = dict(board("nucleo-f446re").flashing)["drive"]
    assert guessed_boards(STLINK, lambda asked: [tmp_path] if asked == label else []) == ("nucleo-f446re",)
    assert guessed_boards(SerialPort("/dev/ttyS0", "n/a", "")) == ()


def test_both_commands_print_json_and_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("depthwise.host.commands.ports.machine_ports", lambda: [STLINK])
    (port,) = json.loads(call("ports", "--json").output)["ports"]
    assert (port["port"], port["usb"]) == ("/dev/ttyACM0", "0483:374b")
    assert "nucleo-f446re" in port["boards"]
    assert "/dev/ttyACM0" in call("ports").output
    found = json.loads(call("doctor", "--json").output)["findings"]
    assert {"group", "name", "state", "detail", "needed_for", "mend"} == set(found[0])
    lines = call("doctor").output.splitlines()
    assert any(line.startswith(("ok", "missing")) for line in lines)
