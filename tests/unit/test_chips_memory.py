"""Flash memory as chips have it: ones when erased, bits that only clear, power that goes half-way."""

import pytest

from depthwise.host.emulate.chips.flash_memory import FlashMemory, PowerLostError, ProgramError

SECTORS = (16, 16, 64)


def test_new_flash_is_all_ones() -> None:
    assert FlashMemory(SECTORS).data == b"\xff" * 96


def test_programming_again_only_clears_bits() -> None:
    flash = FlashMemory(SECTORS)
    flash.program(3, b"\xf0\x0f")
    flash.program(3, b"\xcc\xcc")
    assert flash.data[2:6] == b"\xff\xc0\x0c\xff"


def test_erasing_a_sector_leaves_its_neighbours() -> None:
    flash = FlashMemory(SECTORS)
    flash.program(0, bytes(96))
    flash.erase(1)
    assert flash.data == bytes(16) + b"\xff" * 16 + bytes(64)


def test_a_memory_with_error_correction_programs_erased_words_only() -> None:
    flash = FlashMemory(SECTORS, unit=8, strict=True)
    flash.program(8, bytes(8))
    with pytest.raises(ProgramError):
        flash.program(0, b"\x55" * 16)
    assert flash.data[:16] == b"\x55" * 8 + bytes(8)


@pytest.mark.parametrize("endurance", [0, 1, 15, 16])
def test_power_that_goes_leaves_a_part_erased(endurance: int) -> None:
    flash = FlashMemory(SECTORS)
    flash.program(0, bytes(96))
    flash.endurance = endurance
    with pytest.raises(PowerLostError):
        flash.erase_all()
    assert flash.data == b"\xff" * endurance + bytes(96 - endurance)


def test_power_that_goes_leaves_a_part_programmed() -> None:
    flash = FlashMemory(SECTORS, endurance=5)
    with pytest.raises(PowerLostError):
        flash.program(2, bytes(10))
    assert flash.data[:12] == b"\xff\xff" + bytes(5) + b"\xff" * 5
