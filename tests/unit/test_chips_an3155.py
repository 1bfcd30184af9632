"""The STM32 boot loader byte by byte, as AN3155 describes it."""

from functools import reduce
from operator import xor

import pytest

from depthwise.codegen.errors import InputError
from depthwise.codegen.targets.boards import board, boards
from depthwise.host.emulate.chips.an3155 import An3155
from depthwise.host.emulate.chips.board_chip import emulated_boards, emulated_chip
from depthwise.host.emulate.chips.esp_rom import EspRom
from depthwise.host.emulate.chips.flash_memory import PowerLostError
from depthwise.host.emulate.chips.stm32_chips import CHIPS, FLASH_START

ACK, NACK = b"\x79", b"\x1f"
# Product IDs: AN2606; sizes: datasheets; pages or first sectors: reference manuals.
FACTS = {
    "STM32F103": (0x410, 128, 1024),
    "STM32F100": (0x420, 128, 1024),
    "STM32F205": (0x411, 1024, 16384),
    "STM32F401": (0x433, 512, 16384),
    "STM32F405": (0x413, 1024, 16384),
    "STM32F411": (0x431, 512, 16384),
    "STM32F446": (0x421, 512, 16384),
    "STM32L476": (0x415, 1024, 2048),
    "STM32L4R5": (0x470, 2048, 4096),
    "STM32G071": (0x460, 128, 2048),
    "STM32H743": (0x450, 2048, 131072),
}


def awake(part: str = "STM32F405") -> An3155:
    chip = An3155(CHIPS[part])
    assert chip.receive(b"\x7f") == ACK
    return chip


def summed(data: bytes) -> bytes:
    return data + bytes([reduce(xor, data)])


def command(chip: An3155, code: int) -> bytes:
    return chip.receive(bytes([code, code ^ 0xFF]))


def address(offset: int) -> bytes:
    return summed((FLASH_START + offset).to_bytes(4, "big"))


def write(chip: An3155, offset: int, data: bytes) -> bytes:
    assert command(chip, 0x31) == ACK
    assert chip.receive(address(offset)) == ACK
    return chip.receive(summed(bytes([len(data) - 1]) + data))


def read(chip: An3155, offset: int, count: int) -> bytes:
    assert command(chip, 0x11) == ACK
    assert chip.receive(address(offset)) == ACK
    return chip.receive(bytes([count - 1, (count - 1) ^ 0xFF]))


@pytest.mark.parametrize("part", FACTS)
def test_a_chip_says_who_it_is_and_how_large(part: str) -> None:
    product, kilobytes, sector = FACTS[part]
    chip = awake(part)
    assert command(chip, 0x02) == ACK + b"\x01" + product.to_bytes(2, "big") + ACK
    assert (chip.chip.flash_bytes, chip.chip.sectors[0]) == (kilobytes * 1024, sector)
    assert command(chip, 0x11) == ACK
    assert chip.receive(summed(chip.chip.size_register.to_bytes(4, "big"))) == ACK
    assert chip.receive(b"\x01\xfe") == ACK + kilobytes.to_bytes(2, "little")


@pytest.mark.parametrize("part", FACTS)
def test_get_lists_the_commands_with_the_right_way_to_erase(part: str) -> None:
    chip = awake(part)
    answer = command(chip, 0x00)
    assert answer[:1] == answer[-1:] == ACK
    assert answer[1] == len(answer) - 4
    assert (0x44 if chip.chip.extended_erase else 0x43) in answer[3:-1]
    assert command(chip, 0x01) == ACK + bytes([answer[2], 0, 0]) + ACK


def test_it_is_silent_until_it_is_woken() -> None:
    chip = An3155(CHIPS["STM32F405"])
    assert chip.receive(b"\x00\xff\x00") == b""
    assert chip.receive(b"\x7f") == ACK


def test_waking_it_twice_ends_in_a_refusal_that_shows_it_is_there() -> None:
    assert awake().receive(b"\x7f\x7f") == NACK


@pytest.mark.parametrize("sent", [b"\x02\xfc", b"\x55\xaa", b"\x63\x9c"])
def test_a_wrong_complement_and_an_unknown_command_are_refused(sent: bytes) -> None:
    chip = awake()
    assert chip.receive(sent) == NACK
    assert command(chip, 0x02)[:1] == ACK


def test_what_is_written_can_be_read() -> None:
    chip = awake()
    data = bytes(range(256))
    assert write(chip, 512, data) == ACK
    assert read(chip, 512, 256) == ACK + data


def test_a_wrong_checksum_writes_nothing() -> None:
    chip = awake()
    command(chip, 0x31)
    assert chip.receive(b"\x08\x00\x00\x00\x09") == NACK
    command(chip, 0x31)
    chip.receive(address(0))
    assert chip.receive(b"\x03abcd\x00") == NACK
    assert chip.flash.data == b"\xff" * chip.chip.flash_bytes


@pytest.mark.parametrize("offset", [-4, 1 << 20, 0x100000000 - FLASH_START - 4])
def test_addresses_outside_of_the_flash_are_refused(offset: int) -> None:
    chip = awake()
    command(chip, 0x31)
    assert chip.receive(address(offset)) == NACK


def test_a_write_over_the_end_of_the_flash_is_refused() -> None:
    chip = awake()
    assert write(chip, chip.chip.flash_bytes - 4, b"12345678") == NACK
    assert write(chip, chip.chip.flash_bytes - 4, b"1234") == ACK


def test_an_f4_written_twice_keeps_the_bits_that_both_have() -> None:
    chip = awake("STM32F405")
    assert write(chip, 0, b"\xf0\xf0\xf0\xf0") == ACK
    assert write(chip, 0, b"\x3c\x3c\x3c\x3c") == ACK
    assert chip.flash.data[:4] == b"\x30\x30\x30\x30"


@pytest.mark.parametrize("part", ["STM32F103", "STM32L476", "STM32G071", "STM32H743"])
def test_others_refuse_to_write_what_is_not_erased(part: str) -> None:
    chip = awake(part)
    assert write(chip, 0, bytes(32)) == ACK
    assert write(chip, 0, b"\x01" * 32) == NACK
    assert chip.flash.data[:32] == bytes(32)


def test_extended_erase_of_pages_leaves_the_others() -> None:
    chip = awake("STM32G071")
    chip.flash.data[:] = bytes(len(chip.flash.data))
    assert command(chip, 0x44) == ACK
    assert chip.receive(summed(b"\x00\x01\x00\x02\x00\x05")) == ACK
    erased = {i // 2048 for i, byte in enumerate(chip.flash.data) if byte == 0xFF}
    assert erased == {2, 5}


def test_erase_of_pages_and_of_all_on_an_f1() -> None:
    chip = awake("STM32F103")
    chip.flash.data[:] = bytes(len(chip.flash.data))
    assert command(chip, 0x43) == ACK
    assert chip.receive(summed(b"\x01\x00\x03")) == ACK
    assert chip.flash.data.count(0xFF) == 2048
    assert command(chip, 0x43) == ACK
    assert chip.receive(b"\xff\x00") == ACK
    assert chip.flash.data.count(0xFF) == 128 * 1024


@pytest.mark.parametrize(
    "sent", [b"\xff\xff\x01", b"\xff\xfe\x01", b"\xff\xf3\x0c", b"\x00\x00\xff\xf0\x0f", b"\x00\x00\x00\x01\x00"]
)
def test_an_erase_that_is_not_understood_erases_nothing(sent: bytes) -> None:
    chip = awake("STM32G071")
    chip.flash.data[:] = bytes(len(chip.flash.data))
    command(chip, 0x44)
    assert chip.receive(sent) == NACK
    assert chip.flash.data == bytes(len(chip.flash.data))


def test_go_leaves_the_boot_loader() -> None:
    chip = awake()
    command(chip, 0x21)
    assert chip.receive(address(0) + b"\x7f\x7f") == ACK
    assert (chip.running, chip.entry) == (True, FLASH_START)
    chip.opened()
    assert chip.running
    chip.power_on()
    assert chip.receive(b"\x7f") == ACK


def test_a_protected_chip_lets_nobody_in_until_it_is_erased() -> None:
    chip = awake()
    write(chip, 0, b"mine")
    chip.protected = True
    assert [command(chip, c) for c in (0x11, 0x31, 0x44, 0x21)] == [NACK] * 4
    assert command(chip, 0x92) == ACK + ACK
    assert chip.receive(b"\x7f") == ACK
    assert read(chip, 0, 4) == ACK + b"\xff" * 4


def test_every_step_can_be_refused() -> None:
    chip = An3155(CHIPS["STM32F405"], refuse=lambda step: step == 2)
    chip.receive(b"\x7f")
    assert command(chip, 0x31) == ACK
    assert chip.receive(address(0)) == NACK
    assert write(chip, 0, b"1234") == ACK


def test_only_a_wired_reset_line_frees_a_chip_that_waits_for_data() -> None:
    for wired in (True, False):
        chip = An3155(CHIPS["STM32F405"], reset_on_open=wired)
        chip.receive(b"\x7f\x31\xce")
        chip.opened()
        assert chip.receive(b"\x7f") == (ACK if wired else b"")


def test_power_goes_while_a_sector_is_erased() -> None:
    chip = awake()
    chip.flash.data[:] = bytes(len(chip.flash.data))
    chip.flash.endurance = 20_000
    command(chip, 0x44)
    with pytest.raises(PowerLostError):
        chip.receive(b"\xff\xff\x00")
    assert chip.flash.data.count(0xFF) == 20_000


def test_boards_get_the_flash_they_have() -> None:
    small = emulated_chip(board("netduino2-20k"))
    assert isinstance(small, An3155)
    assert (small.chip.product, small.chip.sectors) == (0x411, (16384,) * 4 + (65536,))


def test_every_board_that_stm32loader_or_esptool_can_flash_has_an_emulated_chip() -> None:
    able = {b.name for b in boards().values() if {"stm32loader", "esptool"} & dict(b.flashing).keys()}
    assert able == set(emulated_boards())
    for name in able:
        chip = emulated_chip(board(name))
        size = board(name).flash_bytes
        assert chip.chip.flash_bytes >= size if isinstance(chip, EspRom) else chip.chip.flash_bytes == size


def test_a_board_without_an_emulated_chip_is_answered_with_those_that_have_one() -> None:
    with pytest.raises(InputError, match=r"mps2-m3 is not emulated; those of .*netduinoplus2"):
        emulated_chip(board("mps2-m3"))
