"""A chip that is not the board's: told before anything is erased, by the real programs against emulated chips."""

import sys
from typing import Final

import pytest
from click.testing import CliRunner

from depthwise.codegen.errors import FlashError
from depthwise.codegen.targets.boards import board, boards
from depthwise.host.cli import main
from depthwise.host.emulate.chips.faults import Fault, FaultKind, Side
from depthwise.host.emulate.chips.flash_memory import ERASED
from depthwise.host.emulate.chips.served_chip import served
from depthwise.host.emulate.chips.stm32_chips import stm32_chip
from depthwise.host.flash.flash_method import Job
from depthwise.host.flash.flashing import Flashed, flash
from depthwise.host.flash.methods import Choice
from depthwise.host.flash.programs import Programs
from tests.support.fault_grid import fill, steps_of
from tests.support.flashing import HASTY, Chip, holds, image, new_chip, payload_for
from tests.support.projects import built

NUCLEO: Final = board("nucleo-f401re")
DEVKIT: Final = board("esp32-c3-devkitm-1")
OTHER: Final = "STM32F411"
RIGHT: Final = "STM32F401"
# As a program of another Python on the PATH is run: it cannot be made to stop by itself.
ELSEWHERE: Final = Programs(
    commands={
        "stm32loader": ("sh", "-c", f'exec {sys.executable} -m depthwise.host.flash.on_url stm32loader "$@"', "sh")
    }
)


def flashed(chip: Chip, url: str, *, programs: Programs = HASTY, any_chip: bool = False, tries: int = 1) -> Flashed:
    payload = payload_for(chip, image(500))
    job = Job(NUCLEO, payload, report=lambda _, __: None, programs=programs, any_chip=any_chip)
    return flash(job, Choice("stm32loader", "F4", url), tries, lambda _: None)


@pytest.mark.parametrize("programs", [HASTY, Programs(), ELSEWHERE], ids=["hasty", "module", "elsewhere"])
def test_an_stm32_of_another_kind_is_left_as_it_was(programs: Programs) -> None:
    chip = new_chip(OTHER)
    fill(chip.flash)
    before = bytes(chip.flash.data)
    with served(chip) as place, pytest.raises(FlashError) as caught:
        flashed(chip, place.url, programs=programs)
    said = caught.value.message
    assert "nucleo-f401re answers, but could not be flashed; its flash is as it was" in said
    assert "the chip is 0x431, that of nucleo-f401re is 0x433" in said
    assert caught.value.hint == "export, build and flash for blackpill-f411ce; --any-chip flashes all the same"
    assert bytes(chip.flash.data) == before


@pytest.mark.parametrize("programs", [HASTY, ELSEWHERE], ids=["hasty", "elsewhere"])
def test_the_boards_own_chip_is_flashed(programs: Programs) -> None:
    chip = new_chip(RIGHT)
    with served(chip) as place:
        assert flashed(chip, place.url, programs=programs).checked
    assert holds(chip, payload_for(chip, image(500)))


def test_any_chip_is_flashed_where_that_is_wanted() -> None:
    chip = new_chip(OTHER)
    with served(chip) as place:
        assert flashed(chip, place.url, any_chip=True).checked
    assert holds(chip, payload_for(chip, image(500)))


def test_a_number_that_was_spoilt_on_the_line_is_asked_for_again() -> None:
    chip = new_chip(RIGHT)
    number = next(s for s in steps_of(RIGHT)[0] if s.chip[1] - s.chip[0] == 4)  # ACK, count, two bytes, ACK
    with served(chip, faults=(Fault(FaultKind.CORRUPT, Side.CHIP, number.chip[0] + 3),)) as place:
        done = flashed(chip, place.url, tries=2)
    assert (done.tries, done.checked) == (2, True)


def test_every_stm32_board_knows_the_number_of_its_chip() -> None:
    known = [(b, stm32_chip(dict(b.projects)["stm32"])) for b in boards().values() if "stm32" in dict(b.projects)]
    assert len(known) >= 10
    assert [(b.name, hex(b.chip_id)) for b, _ in known] == [(b.name, hex(chip.product)) for b, chip in known if chip]
    assert all(b.chip_id_at for b, _ in known)
    assert not any(b.chip_id for b in boards().values() if "stm32" not in dict(b.projects))


def test_an_esp_of_another_kind_is_left_as_it_was_and_no_button_helps() -> None:
    chip = new_chip("esp32s3")
    job = Job(DEVKIT, payload_for(chip, image(500)), report=lambda _, __: None, programs=HASTY)
    with served(chip) as place, pytest.raises(FlashError) as caught:
        flash(job, Choice("esptool", "esp32c3", place.url), 1, lambda _: None)
    assert "its flash is as it was" in caught.value.message
    assert "This chip is ESP32-S3, not ESP32-C3" in caught.value.message
    assert caught.value.hint.startswith("take the board that it is")
    assert set(chip.flash.data) == {ERASED}


def test_the_command_says_so() -> None:
    project = built("netduinoplus2")
    chip = new_chip(OTHER)
    with served(chip) as place:
        done = CliRunner().invoke(main, ["flash", str(project.folder), "--port", place.url, "--tries", "1"])
    assert done.exit_code == 2
    assert "that of netduinoplus2 is 0x413" in done.stderr
