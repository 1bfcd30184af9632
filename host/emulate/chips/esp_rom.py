"""The UART boot loader in the ROM of an ESP chip (Espressif, "Serial Protocol"): frames in, frames out.

It knows what the ROM knows: registers, flash by blocks, plain or deflated, MD5. Programs loaded into RAM (esptool's
stub) are taken in and not run: give esptool `--no-stub`.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Final

from .esp_chips import SECTOR_BYTES, EspChip
from .flash_memory import FlashMemory
from .slip import SlipDecoder, slip_encode

SYNC: Final = b"\x07\x07\x12\x20" + 32 * b"\x55"
SYNC_ANSWERS: Final = 8
CHECKSUM_SEED: Final = 0xEF
SLOW_READ_BYTES: Final = 64
SPI_START: Final = 1 << 18
READ_ID: Final = 0x9F
MAKER: Final = 0x40C8  # GigaDevice GD25Q

INVALID: Final = 0x05
FAILED: Final = 0x06
WRONG_CHECKSUM: Final = 0x07
NOT_INFLATED: Final = 0x0B


class RefusedError(Exception):
    """The boot loader answers a command with an error code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Download:
    """A flash download under way: where it began, its block size, what comes next."""

    offset: int
    block: int
    inflate: Any = None
    next_block: int = 0
    cursor: int = 0


@dataclass(slots=True)
class EspRom:
    """An ESP chip held in its boot loader. `refuse` says of each command, counted from 0, whether it fails."""

    chip: EspChip
    _: KW_ONLY
    flash: FlashMemory = field(init=False)
    refuse: Callable[[int], bool] = lambda _: False
    commands: int = 0
    _slip: SlipDecoder = field(default_factory=SlipDecoder)
    _registers: dict[int, int] = field(default_factory=dict)
    _download: Download | None = None

    def __post_init__(self) -> None:
        self.flash = FlashMemory((SECTOR_BYTES,) * (self.chip.flash_bytes // SECTOR_BYTES))
        self.power_on()

    def power_on(self) -> None:
        """Forget everything but the flash."""
        self._slip = SlipDecoder()
        self._registers = dict(self.chip.registers)
        self._download = None

    def opened(self) -> None:
        """Somebody opens the port, which pulls the reset line of such boards."""
        self.power_on()

    @property
    def running(self) -> bool:
        """Nothing here runs the firmware of an ESP chip."""
        return False

    def receive(self, data: bytes) -> bytes:
        """Take in what the host sent, return what the chip sends. Raises PowerLostError."""
        return b"".join(self._answer(packet) for packet in self._slip.feed(data))

    def _answer(self, packet: bytes) -> bytes:
        if len(packet) < 8 or packet[0] != 0:
            return b""
        opcode, size, checksum = struct.unpack_from("<xBHI", packet)
        body = packet[8:]
        number, self.commands = self.commands, self.commands + 1
        try:
            if self.refuse(number):
                raise RefusedError(FAILED)
            if len(body) != size or opcode not in COMMANDS:
                raise RefusedError(INVALID)
            value, reply = COMMANDS[opcode](self, body, checksum)
            status = bytes(4)
        except struct.error:
            value, reply, status = 0, b"", bytes([1, INVALID, 0, 0])
        except RefusedError as error:
            value, reply, status = 0, b"", bytes([1, error.code, 0, 0])
        data = reply + status
        frame = slip_encode(struct.pack("<BBHI", 1, opcode, len(data), value) + data)
        return frame * (SYNC_ANSWERS if opcode == 0x08 else 1)

    def sync(self, body: bytes, _: int) -> tuple[int, bytes]:
        """0x08: the host looks for the chip; value as the ROM's."""
        if body != SYNC:
            raise RefusedError(INVALID)
        return 0x20120707, b""

    def read_register(self, body: bytes, _: int) -> tuple[int, bytes]:
        """0x0A."""
        (address,) = struct.unpack("<I", body)
        return self._registers.get(address, 0), b""

    def write_register(self, body: bytes, _: int) -> tuple[int, bytes]:
        """0x09: a start bit of the flash's SPI controller runs the command that the other registers hold."""
        address, value, mask, _delay = struct.unpack("<IIII", body)
        old = self._registers.get(address, 0)
        self._registers[address] = (old & ~mask) | (value & mask)
        spi = self.chip.spi
        if address == spi.command and value & SPI_START:
            self._registers[spi.command] &= ~SPI_START
            identity = (self.chip.flash_bytes.bit_length() - 1) << 16 | MAKER
            is_id = self._registers.get(spi.user2, 0) & 0xFF == READ_ID
            self._registers[spi.word0] = identity if is_id else 0
        return 0, b""

    def nothing(self, _: bytes, __: int) -> tuple[int, bytes]:
        """Commands that have no effect here: pins and geometry of the flash, baud rate, programs in RAM."""
        return 0, b""

    def begin(self, body: bytes, _: int) -> tuple[int, bytes]:
        """0x02: erase, and expect blocks. Newer ROMs take a fifth word, whether to encrypt: not here."""
        self._begin(body)
        return 0, b""

    def begin_deflated(self, body: bytes, _: int) -> tuple[int, bytes]:
        """0x10: as 0x02, for one zlib stream in blocks."""
        self._begin(body).inflate = zlib.decompressobj()
        return 0, b""

    def _begin(self, body: bytes) -> Download:
        size, _packets, block, offset = struct.unpack_from("<IIII", body)
        if offset + size > len(self.flash.data) or any(body[16:]):
            raise RefusedError(INVALID)
        for sector in range(offset // SECTOR_BYTES, -(-(offset + size) // SECTOR_BYTES)):
            self.flash.erase(sector)
        self._download = Download(offset, block, cursor=offset)
        return self._download

    def data(self, body: bytes, checksum: int) -> tuple[int, bytes]:
        """0x03: one block, whose number says where it belongs."""
        download, number, content = self._block(body, checksum, inflating=False)
        self._program(download.offset + number * download.block, content)
        return 0, b""

    def data_deflated(self, body: bytes, checksum: int) -> tuple[int, bytes]:
        """0x11: the next block of the stream; none can be repeated or left out."""
        download, number, content = self._block(body, checksum, inflating=True)
        if number != download.next_block:
            raise RefusedError(FAILED)
        try:
            plain = download.inflate.decompress(content)
        except zlib.error:
            raise RefusedError(NOT_INFLATED) from None
        self._program(download.cursor, plain)
        download.cursor += len(plain)
        download.next_block += 1
        return 0, b""

    def _block(self, body: bytes, checksum: int, *, inflating: bool) -> tuple[Download, int, bytes]:
        count, number, *_ = struct.unpack_from("<IIII", body)
        content = body[16:]
        if len(content) != count:
            raise RefusedError(INVALID)
        if _checksum(content) != checksum:
            raise RefusedError(WRONG_CHECKSUM)
        if self._download is None or (self._download.inflate is not None) != inflating:
            raise RefusedError(FAILED)
        return self._download, number, content

    def _program(self, offset: int, content: bytes) -> None:
        if offset + len(content) > len(self.flash.data):
            raise RefusedError(FAILED)
        self.flash.program(offset, content)

    def end(self, _: bytes, __: int) -> tuple[int, bytes]:
        """0x04, 0x12: leave the boot loader; the chip stays in it, as nothing here runs its firmware."""
        self._download = None
        return 0, b""

    def md5(self, body: bytes, _: int) -> tuple[int, bytes]:
        """0x13: MD5 of a part of the flash, in hexadecimal."""
        return 0, hashlib.md5(self._read(body), usedforsecurity=False).hexdigest().encode()

    def read_slowly(self, body: bytes, _: int) -> tuple[int, bytes]:
        """0x0E: up to 64 bytes of the flash."""
        found = self._read(body)
        if len(found) > SLOW_READ_BYTES:
            raise RefusedError(INVALID)
        return 0, found.ljust(SLOW_READ_BYTES, b"\0")

    def _read(self, body: bytes) -> bytes:
        offset, size = struct.unpack_from("<II", body)
        if offset + size > len(self.flash.data):
            raise RefusedError(INVALID)
        return bytes(self.flash.data[offset : offset + size])

    def security(self, _: bytes, __: int) -> tuple[int, bytes]:
        """0x14: no flags, no keys, the chip's number, version 0."""
        if self.chip.chip_id is None:
            raise RefusedError(INVALID)
        return 0, bytes(12) + struct.pack("<II", self.chip.chip_id, 0)


def _checksum(content: bytes) -> int:
    found = CHECKSUM_SEED
    for byte in content:
        found ^= byte
    return found


COMMANDS: Final[dict[int, Callable[[EspRom, bytes, int], tuple[int, bytes]]]] = {
    0x02: EspRom.begin,
    0x03: EspRom.data,
    0x04: EspRom.end,
    0x05: EspRom.nothing,
    0x06: EspRom.nothing,
    0x07: EspRom.nothing,
    0x08: EspRom.sync,
    0x09: EspRom.write_register,
    0x0A: EspRom.read_register,
    0x0B: EspRom.nothing,
    0x0D: EspRom.nothing,
    0x0E: EspRom.read_slowly,
    0x0F: EspRom.nothing,
    0x10: EspRom.begin_deflated,
    0x11: EspRom.data_deflated,
    0x12: EspRom.end,
    0x13: EspRom.md5,
    0x14: EspRom.security,
}
