"""Images for every STM32 board: built without warnings, within the chip's memories, with vectors where it looks."""

import struct
import subprocess
from typing import Final

import pytest

from depthwise.codegen.targets.boards import Board, board, boards
from depthwise.host.build import measure
from depthwise.host.project import Project
from tests.support.models import model_path
from tests.support.projects import built
from tests.support.stm32_chips import WIRING

STM32: Final = sorted(b.name for b in boards().values() if "stm32" in dict(b.projects))
TOO_SMALL: Final = ("stm32vldiscovery",)
TESTED_ELSEWHERE: Final = ("netduino2", "netduino2-20k", "netduinoplus2")  # run on QEMU with larger networks


def assert_fits(project: Project) -> None:
    sizes, chip = measure(project), project.board
    assert sizes.flash_bytes <= chip.flash_bytes
    assert sizes.ram_bytes + chip.stack_bytes <= chip.ram_bytes


def vectors(project: Project) -> tuple[int, ...]:
    """The image's first words: stack, exceptions 1 to 15, interrupts 0 to 70."""
    return struct.unpack("<87I", (project.folder / "build" / "firmware.bin").read_bytes()[: 4 * 87])


def in_code(chip: Board, address: int) -> bool:
    """An address of Thumb code in flash."""
    return address % 2 == 1 and chip.flash_start <= address < chip.flash_start + chip.flash_bytes


@pytest.mark.parametrize("name", STM32)
def test_the_bundled_model_fits_every_stm32_board(name: str) -> None:
    assert_fits(built(name))


@pytest.mark.parametrize("name", [n for n in STM32 if n not in (*TOO_SMALL, *TESTED_ELSEWHERE)])
def test_visual_wake_words_fit_all_but_the_smallest(name: str) -> None:
    assert_fits(built(name, model_path("vww_96_int8")))


@pytest.mark.parametrize("name", STM32)
def test_the_vectors_are_the_first_words_of_the_image(name: str) -> None:
    chip, table = board(name), vectors(built(name))
    assert table[0] == chip.ram_start + chip.ram_bytes
    assert in_code(chip, table[1])
    faults = {table[n] for n in (2, 3, 4, 5, 6, 7)}
    assert len(faults) == 1
    assert all(in_code(chip, handler) for handler in (*faults, table[15], table[16 + WIRING[name].interrupt]))


def test_the_h743_configures_its_supply_before_anything_is_written_to_memory() -> None:
    """The function that does it is called first, and neither stores to the stack nor relies on it."""
    elf = built("nucleo-h743zi").folder / "build" / "firmware.elf"

    def instructions(function: str) -> list[str]:
        command = ["arm-none-eabi-objdump", "-d", "--no-show-raw-insn", f"--disassemble={function}", str(elf)]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [line.split("\t", 1)[1] for line in text.splitlines() if line.startswith(" ") and "\t" in line]

    supply = instructions("dw_power_start")
    assert supply
    assert not [i for i in supply if "sp" in i or i.startswith(("push", "pop", "bl\t"))]
    first_call = next(i for i in instructions("dw_reset") if i.startswith("bl"))
    assert "dw_power_start" in first_call
