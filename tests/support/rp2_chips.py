"""RP2040 and RP2350 as data sheets and the Pico SDK's headers (hardware/regs) describe them: where registers are."""

from dataclasses import dataclass
from typing import Final

from tests.support.stm32_machine import Follow, Run, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """Addresses of a chip's register blocks, bits of RESETS, the interrupt of UART0."""

    board: str
    core_hz: int
    resets: int
    clocks: int
    xosc: int
    pll: int
    io: int
    pads: int
    uart: int
    peripherals: int
    interrupt: int


CHIPS: Final = {
    "pico": Chip(
        board="pico",
        core_hz=125_000_000,
        resets=0x4000C000,
        clocks=0x40008000,
        xosc=0x40024000,
        pll=0x40028000,
        io=0x40014000,
        pads=0x4001C000,
        uart=0x40034000,
        peripherals=0x20 | 0x100 | 0x1000 | 0x400000,
        interrupt=20,
    ),
    "pico2": Chip(
        board="pico2",
        core_hz=150_000_000,
        resets=0x40020000,
        clocks=0x40010000,
        xosc=0x40048000,
        pll=0x40050000,
        io=0x40028000,
        pads=0x40038000,
        uart=0x40070000,
        peripherals=0x40 | 0x200 | 0x4000 | 0x4000000,
        interrupt=33,
    ),
}


def started(chip: Chip, *, crystal: bool = True) -> Run:
    """What the board's driver writes when it starts; ready bits follow, but for those of a crystal that is not there.

    Clearing aliases of registers are pages of their own; glitchless multiplexers say in one hot bit what they chose.
    """
    blocks = (chip.resets, chip.clocks, chip.xosc, chip.pll, chip.io, chip.pads, chip.uart)
    registers = {**dict.fromkeys(blocks, 0), chip.resets + 0x3000: 0, chip.pll + 0x3000: 0, chip.clocks + 0x44: 1}
    rules = (
        Follow(chip.xosc, 1 << 12, chip.xosc + 4, 19),
        Follow(chip.clocks + 0x30, 2, chip.clocks + 0x38, 1),
        Follow(chip.clocks + 0x3C, 1, chip.clocks + 0x44, 1),
        Follow(chip.resets + 0x3000, chip.peripherals, chip.resets + 8, 0),
        Follow(chip.pll + 0x3004, 1, chip.pll, 31),
    )
    return run(chip.board, registers, rules if crystal else rules[1:-1])
