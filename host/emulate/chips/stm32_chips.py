"""What sets the STM32 families apart for a boot loader: product number, flash geometry, where sizes can be read.

Sources: AN2606 (product IDs, boot loader versions); flash organisation and electronic signature in RM0008 and PM0075
(F103), RM0041 (F100), RM0033 (F2), RM0368 (F401), RM0383 (F411), RM0090 (F405), RM0390 (F446), RM0351 (L47x),
RM0432 (L4R5), RM0444 (G071), RM0433 (H743).
"""

from dataclasses import KW_ONLY, dataclass, replace
from typing import Final

from .flash_memory import FlashMemory

FLASH_START: Final = 0x08000000
KILOBYTE: Final = 1024
F2_F4_SECTORS: Final = (16, 16, 16, 16, 64, *(128,) * 7)


@dataclass(frozen=True, slots=True)
class Stm32Chip:
    """An STM32: `family` is the name the flashing tools know; `sectors` in bytes, in order.

    `unit` bytes of flash are programmed at once, `strict` where that needs them erased. `version` of the boot
    loader's protocol. The system memory starts at `system`; the flash's size in KB and the chip's own number are at
    `size_register` and `identity`.
    """

    part: str
    family: str
    _: KW_ONLY
    product: int
    sectors: tuple[int, ...]
    unit: int
    strict: bool
    version: int
    extended_erase: bool
    system: tuple[int, int]
    size_register: int
    identity: int

    @property
    def flash_bytes(self) -> int:
        """Size of the flash memory."""
        return sum(self.sectors)

    def with_flash(self, size: int) -> "Stm32Chip":
        """The variant of the chip with `size` bytes of flash: as many of the sectors as there is room for."""
        kept: list[int] = []
        for sector in self.sectors:
            if sum(kept) + sector <= size:
                kept.append(sector)
        return replace(self, sectors=tuple(kept))

    def flash(self) -> FlashMemory:
        """Its flash memory, erased."""
        return FlashMemory(self.sectors, self.unit, self.strict)


def _f1(part: str, product: int, kilobytes: int) -> Stm32Chip:
    """Pages of 1 KB; programmed by half-words, which have to be erased (PM0075, 2.3.3)."""
    pages = (KILOBYTE,) * kilobytes
    system = (0x1FFFF000, 0x1FFFF800)
    return Stm32Chip(
        part,
        "F1",
        product=product,
        sectors=pages,
        unit=2,
        strict=True,
        version=0x22,
        extended_erase=False,
        system=system,
        size_register=0x1FFFF7E0,
        identity=0x1FFFF7E8,
    )


def _f2_f4(part: str, product: int, kilobytes: int, version: int = 0x31) -> Stm32Chip:
    """Sectors of 16, 64 and 128 KB; any byte can be programmed again, which only clears bits (RM0090, 3.6)."""
    sectors = tuple(KILOBYTE * n for n in F2_F4_SECTORS)
    system = (0x1FFF0000, 0x1FFF7B00)
    made = Stm32Chip(
        part,
        "F4",
        product=product,
        sectors=sectors,
        unit=1,
        strict=False,
        version=version,
        extended_erase=True,
        system=system,
        size_register=0x1FFF7A22,
        identity=0x1FFF7A10,
    )
    return made.with_flash(kilobytes * KILOBYTE)


def _pages(part: str, family: str, product: int, kilobytes: int, page: int) -> Stm32Chip:
    """Pages of 2 or 4 KB; programmed by double words with error correction (RM0351, 3.3.7; RM0444, 3.3.8)."""
    pages = (page * KILOBYTE,) * (kilobytes // page)
    system = (0x1FFF0000, 0x1FFF7800)
    return Stm32Chip(
        part,
        family,
        product=product,
        sectors=pages,
        unit=8,
        strict=True,
        version=0x31,
        extended_erase=True,
        system=system,
        size_register=0x1FFF75E0,
        identity=0x1FFF7590,
    )


CHIPS: Final = {
    c.part: c
    for c in (
        _f1("STM32F103", 0x410, 128),
        _f1("STM32F100", 0x420, 128),
        _f2_f4("STM32F205", 0x411, 1024, version=0x33),
        _f2_f4("STM32F401", 0x433, 512),
        _f2_f4("STM32F405", 0x413, 1024),
        _f2_f4("STM32F411", 0x431, 512),
        _f2_f4("STM32F446", 0x421, 512),
        _pages("STM32L476", "L4", 0x415, 1024, 2),
        _pages("STM32L4R5", "L4", 0x470, 2048, 4),
        _pages("STM32G071", "G0", 0x460, 128, 2),
        # 256-bit words with error correction (RM0433, 4.3.9).
        Stm32Chip(
            "STM32H743",
            "H7",
            product=0x450,
            sectors=(128 * KILOBYTE,) * 16,
            unit=32,
            strict=True,
            version=0x31,
            extended_erase=True,
            system=(0x1FF00000, 0x1FF20000),
            size_register=0x1FF1E880,
            identity=0x1FF1E800,
        ),
    )
}


def stm32_chip(part: str) -> Stm32Chip | None:
    """Chip of a part number such as `STM32F401RE`; None for one that is not known here."""
    return next((chip for name, chip in CHIPS.items() if part.startswith(name)), None)
