"""The unmodified esptool and stm32loader against emulated chips, run just as `depthwise flash` runs them."""

from dataclasses import dataclass, replace

import pytest

from depthwise.codegen.errors import FlashError, ToolError
from depthwise.host.emulate.chips.an3155 import An3155
from depthwise.host.emulate.chips.served_chip import served
from depthwise.host.flash.flash_method import Job
from depthwise.host.flash.methods import METHODS
from depthwise.host.flash.payload import Payload
from depthwise.host.flash.programs import Programs
from depthwise.host.kinds import PayloadPart
from tests.support.flashing import BOARD, HASTY, board_of, choice_for, flash_chip, holds, image, new_chip, payload_for
from tests.support.rfc2217 import remote

PLAIN = Programs()
ESP = ("esp32", "esp32s3", "esp32c3", "esp32c6")
STM32 = ("STM32F103", "STM32F100", "STM32F401", "STM32F405", "STM32F446", "STM32F411", "STM32L476", "STM32L4R5")
OTHER_STM32 = ("STM32G071", "STM32H743")


@pytest.mark.parametrize("name", ESP)
def test_esptool_flashes_and_verifies_every_part(name: str) -> None:
    chip = new_chip(name)
    payload = payload_for(chip, image(5003), image(1), image(9000, seed=1))
    with served(chip) as place:
        done = flash_chip(chip, place.url, payload, programs=PLAIN)
    assert holds(chip, payload)
    assert (done.tries, done.checked, done.started, done.bytes) == (1, True, False, 14_004)


@pytest.mark.parametrize("name", [*STM32, *OTHER_STM32])
def test_stm32loader_flashes_reads_back_and_starts(name: str) -> None:
    chip = new_chip(name)
    payload = payload_for(chip, image(1003))
    with served(chip) as place:
        done = flash_chip(chip, place.url, payload, programs=PLAIN)
    assert holds(chip, payload)
    assert isinstance(chip, An3155)
    assert (done.tries, done.checked, done.started, chip.running) == (1, True, True, True)


def test_an_f2_is_flashed_though_stm32loader_knows_none() -> None:
    chip = new_chip("STM32F205")
    payload = payload_for(chip, image(300))
    with served(chip) as place:
        job = Job(board_of(chip), payload, argument="F2", port=place.url, report=lambda _, __: None, programs=HASTY)
        assert METHODS["stm32loader"].flash(job).started
    assert holds(chip, payload)


@pytest.mark.parametrize("name", ["esp32", "STM32F405"])
def test_progress_grows_to_the_whole(name: str) -> None:
    chip = new_chip(name)
    payload = payload_for(chip, image(3000))
    seen: list[tuple[int, int]] = []
    with served(chip) as place:
        choice = choice_for(chip, place.url)
        job = Job(
            BOARD,
            payload,
            argument=choice.argument,
            port=place.url,
            report=lambda done, of: seen.append((done, of)),
            programs=HASTY,
        )
        METHODS[choice.name].flash(job)
    done = [d for d, _ in seen]
    assert done == sorted(done)
    assert len(done) >= 3
    assert done[-1] == seen[-1][1]


@dataclass
class Mute:
    """A chip that runs some other program: nothing answers."""

    running: bool = False

    def power_on(self) -> None:
        pass

    def opened(self) -> None:
        pass

    def receive(self, _: bytes) -> bytes:
        return b""


@pytest.mark.parametrize(("name", "hint"), [("esp32c3", "hold BOOT, press reset"), ("STM32G071", "hold BOOT0 high")])
def test_a_chip_outside_its_boot_loader_is_answered_with_the_buttons_to_press(name: str, hint: str) -> None:
    chip = new_chip(name)
    said: list[str] = []
    with served(Mute()) as place, pytest.raises(FlashError, match="does not answer") as error:
        flash_chip(chip, place.url, payload_for(chip, image(10)), tries=2, said=said)
    assert hint in error.value.hint
    assert len(said) == 1
    assert hint in said[0]


def test_a_read_protected_chip_is_answered_with_how_to_lift_that() -> None:
    chip = new_chip("STM32F405")
    assert isinstance(chip, An3155)
    chip.protected = True
    with served(chip) as place, pytest.raises(FlashError, match="its flash is as it was") as error:
        flash_chip(chip, place.url, payload_for(chip, image(10)))
    assert "--unprotect" in error.value.hint


@pytest.mark.parametrize("name", ["esp32", "STM32F405"])
@pytest.mark.parametrize("port", ["socket://127.0.0.1:1", "/dev/ttyNOWHERE"])
def test_a_port_that_is_not_there_is_tried_once(name: str, port: str) -> None:
    chip = new_chip(name)
    said: list[str] = []
    with pytest.raises(FlashError, match=r"cannot reach .*, 1 try\): .*(refused|No such file)"):
        flash_chip(chip, port, payload_for(chip, image(10)), tries=3, said=said)
    assert said == []


def test_what_does_not_fit_the_flash_is_esptools_to_refuse() -> None:
    chip = new_chip("esp32")
    payload = Payload((PayloadPart(0x3FF000, "large.bin", bytes(8192)),))
    with served(chip) as place, pytest.raises(FlashError, match="will not fit"):
        flash_chip(chip, place.url, payload)


def test_a_start_that_fails_does_not_spoil_a_verified_download() -> None:
    chip = new_chip("STM32F405")
    payload = payload_for(chip, image(100))
    with served(chip) as place:
        flash_chip(chip, place.url, payload)
    assert isinstance(chip, An3155)
    last = chip.steps - 1
    chip.power_on()
    chip.steps, chip.refuse = 0, lambda step: step == last
    with served(chip) as place:
        done = flash_chip(chip, place.url, payload)
    assert (done.tries, done.checked, done.started) == (1, True, False)


def test_every_line_of_the_program_can_be_seen() -> None:
    chip = new_chip("STM32F405")
    lines: list[str] = []
    with served(chip) as place:
        flash_chip(chip, place.url, payload_for(chip, image(10)), programs=replace(HASTY, echo=lines.append))
    assert "Verification OK" in lines


def test_a_program_that_cannot_be_run_is_named() -> None:
    with pytest.raises(ToolError, match="cannot run /nowhere: No such file"):
        Programs().run(("/nowhere",), lambda _: None)


def test_a_program_that_is_not_there_is_answered_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match="st-flash is not installed; apt install stlink-tools"):
        Programs().command("st-flash")


def test_a_board_at_another_machine_is_flashed_at_even_parity() -> None:
    chip = new_chip("STM32F405")
    payload = payload_for(chip, image(300))
    with served(chip) as place, remote(place.url) as (url, port):
        done = flash_chip(chip, url, payload, programs=PLAIN)
        assert port.parity == "E"
    assert holds(chip, payload)
    assert (done.port, done.checked) == (url, True)
