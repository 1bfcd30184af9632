"""What the registers of an STM32 mean, by the formulas of the reference manuals; nothing of the drivers is used.

RM0008, RM0041 (F1), RM0033 (F2), RM0090, RM0368, RM0383, RM0390 (F4), RM0351, RM0432 (L4), RM0444 (G0), RM0433 (H7):
chapters RCC, PWR, FLASH.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

Registers = Mapping[int, int]
MHZ: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Pll:
    """Frequencies in Hz of a PLL that is on."""

    input: Fraction
    vco: Fraction
    output: Fraction


@dataclass(frozen=True, slots=True)
class Clocks:
    """Frequencies in Hz that registers stand for."""

    core: Fraction
    hclk: Fraction
    apb1: Fraction
    apb2: Fraction
    pll: Pll | None


def field(value: int, low: int, bits: int) -> int:
    """Bits of a register."""
    return value >> low & ((1 << bits) - 1)


def ahb_divisor(code: int) -> int:
    """HPRE of every family."""
    return 1 if code < 8 else (2, 4, 8, 16, 64, 128, 256, 512)[code - 8]


def apb_divisor(code: int) -> int:
    """PPRE of every family."""
    return 1 if code < 4 else 2 << (code - 4)


def _pll(on: int, source: Fraction | None, divisor: int, multiplier: int, output: int) -> Pll | None:
    """Input, VCO and output of a PLL that is on."""
    if not on:
        return None
    assert source is not None, "the PLL has no source"
    assert divisor, "the PLL's input divisor is 0"
    return Pll(source / divisor, source / divisor * multiplier, source / divisor * multiplier / output)


def _tree(core: Fraction, pll: Pll | None, hpre: int, ppre1: int, ppre2: int) -> Clocks:
    hclk = core / ahb_divisor(hpre)
    return Clocks(core, hclk, hclk / apb_divisor(ppre1), hclk / apb_divisor(ppre2), pll)


def _selected(code: int, *sources: Fraction | None) -> Fraction:
    found = sources[code]
    assert found is not None, f"the system runs on clock {code}, which is off"
    return found


def f1(registers: Registers, hse: Fraction) -> Clocks:
    """F100 to F103. The F100 has PREDIV1 in CFGR2, which reads as zero, undivided, on the others."""
    cr, cfgr = registers[0x40021000], registers[0x40021004]
    hsi, crystal = Fraction(8 * MHZ), hse if field(cr, 16, 1) else None
    predivisor = field(registers[0x4002102C], 0, 4) + 1 + field(cfgr, 17, 1)
    source, divisor = (crystal, predivisor) if field(cfgr, 16, 1) else (hsi, 2)
    pll = _pll(field(cr, 24, 1), source, divisor, min(field(cfgr, 18, 4) + 2, 16), 1)
    core = _selected(field(cfgr, 0, 2), hsi, crystal, pll.output if pll else None)
    return _tree(core, pll, field(cfgr, 4, 4), field(cfgr, 8, 3), field(cfgr, 11, 3))


def f2f4(registers: Registers, hse: Fraction) -> Clocks:
    """F2 and F4."""
    cr, pllcfgr, cfgr = registers[0x40023800], registers[0x40023804], registers[0x40023808]
    hsi, crystal = Fraction(16 * MHZ), hse if field(cr, 16, 1) else None
    source, output = crystal if field(pllcfgr, 22, 1) else hsi, (2, 4, 6, 8)[field(pllcfgr, 16, 2)]
    pll = _pll(field(cr, 24, 1), source, field(pllcfgr, 0, 6), field(pllcfgr, 6, 9), output)
    core = _selected(field(cfgr, 0, 2), hsi, crystal, pll.output if pll else None)
    return _tree(core, pll, field(cfgr, 4, 4), field(cfgr, 10, 3), field(cfgr, 13, 3))


def l4(registers: Registers, hse: Fraction) -> Clocks:
    """L4 and L4+, with MSI in its range after reset, 4 MHz."""
    cr, cfgr, pllcfgr = registers[0x40021000], registers[0x40021008], registers[0x4002100C]
    msi, hsi = Fraction(4 * MHZ), Fraction(16 * MHZ) if field(cr, 8, 1) else None
    crystal = hse if field(cr, 16, 1) else None
    source, output = (None, msi, hsi, crystal)[field(pllcfgr, 0, 2)], 2 * field(pllcfgr, 25, 2) + 2
    pll = _pll(field(cr, 24, 1), source, field(pllcfgr, 4, 4) + 1, field(pllcfgr, 8, 7), output)
    enabled = pll.output if pll and field(pllcfgr, 24, 1) else None
    core = _selected(field(cfgr, 0, 2), msi, hsi, crystal, enabled)
    return _tree(core, pll, field(cfgr, 4, 4), field(cfgr, 8, 3), field(cfgr, 11, 3))


def g0(registers: Registers, hse: Fraction) -> Clocks:
    """G0: one APB bus."""
    cr, cfgr, pllcfgr = registers[0x40021000], registers[0x40021008], registers[0x4002100C]
    hsi, crystal = Fraction(16 * MHZ) if field(cr, 8, 1) else None, hse if field(cr, 16, 1) else None
    source, output = (None, None, hsi, crystal)[field(pllcfgr, 0, 2)], field(pllcfgr, 29, 3) + 1
    pll = _pll(field(cr, 24, 1), source, field(pllcfgr, 4, 3) + 1, field(pllcfgr, 8, 7), output)
    enabled = pll.output if pll and field(pllcfgr, 28, 1) else None
    core = _selected(field(cfgr, 0, 3), hsi and hsi / (1 << field(cr, 11, 3)), crystal, enabled)
    return _tree(core, pll, field(cfgr, 8, 4), field(cfgr, 12, 3), field(cfgr, 12, 3))


def h7(registers: Registers, hse: Fraction) -> Clocks:
    """H743: `core` is the core's clock, `hclk` that of the AXI and AHB buses and of the flash."""
    cr, cfgr, d1, d2 = (registers[0x58024400 + offset] for offset in (0x00, 0x10, 0x18, 0x1C))
    select, config, divisors = (registers[0x58024400 + offset] for offset in (0x28, 0x2C, 0x30))
    hsi = Fraction(64 * MHZ, 1 << field(cr, 3, 2)) if field(cr, 0, 1) else None
    crystal = hse if field(cr, 16, 1) else None
    source, multiplier = (hsi, None, crystal, None)[field(select, 0, 2)], field(divisors, 0, 9) + 1
    pll = _pll(field(cr, 24, 1), source, field(select, 4, 6), multiplier, field(divisors, 9, 7) + 1)
    enabled = pll.output if pll and field(config, 16, 1) else None
    core = _selected(field(cfgr, 0, 3), hsi, None, crystal, enabled) / ahb_divisor(field(d1, 8, 4))
    return _tree(core, pll, field(d1, 0, 4), field(d2, 4, 3), field(d2, 8, 3))


Decoder = Callable[[Registers, Fraction], Clocks]
