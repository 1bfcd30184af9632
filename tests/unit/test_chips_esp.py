"""The ESP boot loader frame by frame, as Espressif's "Serial Protocol" page describes it."""

import hashlib
import struct
import zlib
from functools import reduce
from operator import xor

import pytest

from depthwise.host.emulate.chips.esp_chips import CHIPS
from depthwise.host.emulate.chips.esp_rom import EspRom
from depthwise.host.emulate.chips.slip import SlipDecoder, slip_encode

SYNC = b"\x07\x07\x12\x20" + 32 * b"\x55"


def packet(opcode: int, body: bytes, checksum: int = 0) -> bytes:
    return struct.pack("<BBHI", 0, opcode, len(body), checksum) + body


def ask(chip: EspRom, opcode: int, body: bytes, checksum: int = 0) -> tuple[int, bytes, int]:
    """Value, data and error code (0: none) of the answer."""
    (answer, *_) = SlipDecoder().feed(chip.receive(slip_encode(packet(opcode, body, checksum))))
    direction, code, size, value = struct.unpack_from("<BBHI", answer)
    assert (direction, code, size) == (1, opcode, len(answer) - 8)
    return value, answer[8:-4], answer[-3] if answer[-4] else 0


def words(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def block(number: int, content: bytes) -> tuple[bytes, int]:
    return words(len(content), number, 0, 0) + content, reduce(xor, content, 0xEF)


def test_slip_brings_every_byte_through() -> None:
    everything = bytes(range(256)) * 2
    assert SlipDecoder().feed(b"noise" + slip_encode(everything) + slip_encode(b"next")) == [everything, b"next"]


def test_slip_packets_may_come_byte_by_byte() -> None:
    decoder = SlipDecoder()
    sent = slip_encode(b"\xc0\xdb\x00")
    assert [p for b in sent for p in decoder.feed(bytes([b]))] == [b"\xc0\xdb\x00"]


def test_a_lost_end_costs_one_packet_and_not_the_next_ones() -> None:
    first, second = slip_encode(b"first"), slip_encode(b"second")
    found = SlipDecoder().feed(first[:-1] + second + second)
    assert found[-1] == b"second"


def test_sync_is_answered_eight_times() -> None:
    answers = SlipDecoder().feed(EspRom(CHIPS["esp32"]).receive(slip_encode(packet(0x08, SYNC))))
    assert len(answers) == 8


@pytest.mark.parametrize(("name", "number"), [("esp32s3", 9), ("esp32c3", 5), ("esp32c6", 13)])
def test_newer_chips_tell_their_number(name: str, number: int) -> None:
    _, data, error = ask(EspRom(CHIPS[name]), 0x14, b"")
    assert (error, len(data), int.from_bytes(data[12:16], "little")) == (0, 20, number)


def test_the_esp32_knows_no_security_information_but_has_its_magic_word() -> None:
    chip = EspRom(CHIPS["esp32"])
    assert ask(chip, 0x14, b"")[2] == 5
    assert ask(chip, 0x0A, words(0x40001000))[0] == 0x00F01D83


def test_registers_keep_what_the_mask_lets_through() -> None:
    chip = EspRom(CHIPS["esp32c3"])
    ask(chip, 0x09, words(0x60000000, 0x12345678, 0xFFFFFFFF, 0))
    ask(chip, 0x09, words(0x60000000, 0xFFFFFFFF, 0xF, 0))
    assert ask(chip, 0x0A, words(0x60000000))[0] == 0x1234567F


def test_the_flash_tells_its_size_through_the_spi_controller() -> None:
    chip = EspRom(CHIPS["esp32s3"])
    spi = chip.chip.spi
    ask(chip, 0x09, words(spi.user2, 7 << 28 | 0x9F, 0xFFFFFFFF, 0))
    ask(chip, 0x09, words(spi.command, 1 << 18, 0xFFFFFFFF, 0))
    assert ask(chip, 0x0A, words(spi.command))[0] == 0
    assert 1 << (ask(chip, 0x0A, words(spi.word0))[0] >> 16) == 8 << 20


def test_blocks_land_where_their_numbers_say() -> None:
    chip = EspRom(CHIPS["esp32c3"])
    assert ask(chip, 0x02, words(2048, 2, 1024, 0x10000))[2] == 0
    for number in (1, 0, 1):
        assert ask(chip, 0x03, *block(number, bytes([number]) * 1024))[2] == 0
    assert chip.flash.data[0x10000:0x10800] == bytes(1024) + b"\x01" * 1024
    _, digest, _ = ask(chip, 0x13, words(0x10000, 2048, 0, 0))
    assert digest.decode() == hashlib.md5(bytes(1024) + b"\x01" * 1024, usedforsecurity=False).hexdigest()


def test_a_deflated_stream_is_written_in_order_only() -> None:
    chip = EspRom(CHIPS["esp32c3"])
    plain = b"depthwise " * 500
    packed = zlib.compress(plain)
    parts = packed[:40], packed[40:]
    ask(chip, 0x10, words(8192, 2, 40, 0x8000))
    assert ask(chip, 0x11, *block(1, parts[1]))[2] == 6
    assert [ask(chip, 0x11, *block(i, p))[2] for i, p in enumerate(parts)] == [0, 0]
    assert ask(chip, 0x11, *block(0, parts[0]))[2] == 6
    assert chip.flash.data[0x8000 : 0x8000 + len(plain)] == plain


def test_what_cannot_be_inflated_is_refused() -> None:
    chip = EspRom(CHIPS["esp32c3"])
    ask(chip, 0x10, words(4096, 1, 64, 0))
    assert ask(chip, 0x11, *block(0, b"\xff" * 64))[2] == 0x0B


def test_a_wrong_checksum_writes_nothing() -> None:
    chip = EspRom(CHIPS["esp32c3"])
    ask(chip, 0x02, words(1024, 1, 1024, 0))
    body, checksum = block(0, bytes(1024))
    assert ask(chip, 0x03, body, checksum ^ 1)[2] == 7
    assert chip.flash.data[:1024] == b"\xff" * 1024


def test_only_the_sectors_of_a_download_are_erased() -> None:
    chip = EspRom(CHIPS["esp32c3"])
    chip.flash.data[:] = bytes(len(chip.flash.data))
    ask(chip, 0x02, words(5000, 5, 1024, 0x3000))
    assert chip.flash.data.count(0xFF) == 8192
    assert chip.flash.data[0x3000:0x5000] == b"\xff" * 8192


@pytest.mark.parametrize(
    ("opcode", "body"),
    [
        (0x02, words(4096, 4, 1024, 4 << 20)),
        (0x02, words(4096, 4, 1024)),
        (0x02, words(4096, 4, 1024, 0, 1)),
        (0x03, b"\x00\x04"),
        (0x03, words(8, 0, 0, 0) + b"1234"),
        (0x03, words(0, 0, 0, 0)),
        (0x08, b"\x07\x07\x12\x20"),
        (0x0E, words(0, 65, 64, 1)),
        (0x13, words(4 << 20, 1, 0, 0)),
        (0xD2, b""),
    ],
)
def test_what_makes_no_sense_is_refused(opcode: int, body: bytes) -> None:
    assert ask(EspRom(CHIPS["esp32c3"]), opcode, body, 0xEF)[2] in {5, 6, 7}


def test_a_header_that_lies_about_its_length_is_refused() -> None:
    chip = EspRom(CHIPS["esp32c3"])
    (answer,) = SlipDecoder().feed(chip.receive(slip_encode(packet(0x0A, words(0))[:-1])))
    assert answer[-4:-2] == b"\x01\x05"


def test_reading_slowly_gives_64_bytes() -> None:
    chip = EspRom(CHIPS["esp32"])
    chip.flash.data[100:110] = b"0123456789"
    assert ask(chip, 0x0E, words(100, 10))[1] == b"0123456789" + bytes(54)


def test_a_command_can_be_refused() -> None:
    chip = EspRom(CHIPS["esp32"], refuse=lambda number: number == 1)
    assert [ask(chip, 0x0A, words(0))[2] for _ in range(3)] == [0, 6, 0]
