"""What sets the ESP chips apart for a boot loader: identity, register addresses, eFuse words.

Sources: the technical reference manuals of the chips, SPI, UART and eFuse controllers; the ESP32's word in its ROM.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Final

SECTOR_BYTES: Final = 4096
MEGABYTE: Final = 1 << 20
MAC: Final = 0x7C_DF_A1_00_00_01
XTAL_HZ: Final = 40_000_000
ROM_BAUD: Final = 115_200


@dataclass(frozen=True, slots=True)
class SpiLayout:
    """Addresses of the SPI controller that the flash hangs on: command, what to send, first data word."""

    command: int
    user2: int
    word0: int


@dataclass(frozen=True, slots=True)
class EspChip:
    """An ESP chip: `chip_id` as its security information tells, None where the ROM has no such command.

    `registers` are the words that are not zero after reset. The image of the second-stage boot loader belongs at
    `boot_offset` of the flash.
    """

    name: str
    _: KW_ONLY
    chip_id: int | None
    flash_bytes: int
    boot_offset: int
    spi: SpiLayout
    registers: tuple[tuple[int, int], ...]


def _newer(spi: int) -> SpiLayout:
    return SpiLayout(spi, spi + 0x20, spi + 0x58)


def _mac_words(address: int) -> tuple[tuple[int, int], ...]:
    return (address, MAC & 0xFFFFFFFF), (address + 4, MAC >> 32)


CHIPS: Final = {
    c.name: c
    for c in (
        EspChip(
            "esp32",
            chip_id=None,
            flash_bytes=4 * MEGABYTE,
            boot_offset=0x1000,
            spi=SpiLayout(0x3FF42000, 0x3FF42024, 0x3FF42080),
            registers=(
                (0x40001000, 0x00F01D83),  # a word of the ROM that tells the chips apart
                (0x3FF40014, XTAL_HZ // ROM_BAUD),  # UART0 clock divider
                *_mac_words(0x3FF5A004),
                (0x3FF5A00C, 1 << 9 | 1 << 15),  # package ESP32-D0WD, revision 1
            ),
        ),
        EspChip(
            "esp32s3",
            chip_id=9,
            flash_bytes=8 * MEGABYTE,
            boot_offset=0,
            spi=_newer(0x60002000),
            registers=_mac_words(0x60007044),
        ),
        EspChip(
            "esp32c3",
            chip_id=5,
            flash_bytes=4 * MEGABYTE,
            boot_offset=0,
            spi=_newer(0x60002000),
            registers=_mac_words(0x60008844),
        ),
        EspChip(
            "esp32c6",
            chip_id=13,
            flash_bytes=4 * MEGABYTE,
            boot_offset=0,
            spi=_newer(0x60003000),
            registers=_mac_words(0x600B0844),
        ),
    )
}
