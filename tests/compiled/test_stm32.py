"""The drivers of every STM32 board: what they write into the registers, judged by the reference manuals' formulas."""

import platform
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.targets.another_part import with_part
from depthwise.codegen.targets.boards import board, boards
from depthwise.codegen.targets.own_boards import files_of, new_board
from depthwise.codegen.targets.stm32_parts import stm32_part
from tests.support.stm32_chips import LIMITS, WIRING
from tests.support.stm32_clocks import MHZ, Clocks, field
from tests.support.stm32_machine import Clear, Follow, Run, run

pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64" or platform.system() != "Linux", reason="registers are mapped on x86-64 Linux"
)
STM32: Final = sorted(b.name for b in boards().values() if "stm32" in dict(b.projects))
BAUD: Final = 115200
INTERNAL_MHZ: Final = {"F1": 8, "F2": 16, "F4": 16, "L4": 16, "G0": 16, "H7": 64}


def registers_of(name: str) -> dict[int, int]:
    """Every register that a driver may touch, with what a reset leaves there."""
    wiring = WIRING[name]
    places = (wiring.uart, wiring.gpio, wiring.uart_enable[0], wiring.gpio_enable[0], wiring.family.switch[0])
    return {**dict.fromkeys((*places, wiring.family.cr), 0), **wiring.family.reset, **dict(LIMITS[chip(name)].reset)}


def started(name: str, *commands: str, crystal: bool = True, left: dict[int, int] | None = None) -> Run:
    wiring = WIRING[name]
    rules: tuple[Follow | Clear, ...] = (
        *wiring.family.ready(crystal=crystal),
        *wiring.uart_kind.rules(wiring.uart),
    )
    return run(name, {**registers_of(name), **(left or {})}, rules, *commands)


def states(name: str, done: Run, left: dict[int, int] | None = None) -> Iterator[tuple[dict[int, int], int]]:
    """All registers after each write, with the address written last; the status that follows is not in them."""
    now = defaultdict(int, registers_of(name) | (left or {}))
    for address, value in done.writes:
        now[address] = value
        yield now, address


def last(name: str, done: Run, left: dict[int, int] | None = None) -> dict[int, int]:
    *_, (registers, _) = states(name, done, left)
    return registers


def clocks(name: str, done: Run) -> Clocks:
    wiring = WIRING[name]
    return wiring.family.decode(last(name, done), wiring.hse)


def clock_hz(done: Run) -> int:
    return int(done.answer("clock")[0], 16)


def chip(name: str) -> str:
    return dict(board(name).projects)["stm32"]


def assert_within_limits(name: str, now: Clocks, registers: dict[int, int]) -> None:
    limits = LIMITS[chip(name)]
    for hz, mhz in zip((now.core, now.hclk, now.apb1, now.apb2), limits.most, strict=True):
        assert hz <= mhz * MHZ
    assert now.hclk <= limits.flash_mhz(registers) * MHZ, "the flash is too slow"
    assert now.core <= limits.voltage(registers) * MHZ, "the core voltage is too low"
    if now.pll is not None:
        assert limits.pll_input[0] * MHZ <= now.pll.input <= limits.pll_input[1] * MHZ
        assert limits.vco[0] * MHZ <= now.pll.vco <= limits.vco[1] * MHZ


def assert_safe_at_every_step(name: str, done: Run, left: dict[int, int] | None = None) -> None:
    """No clock is ever above what chip, flash and voltage allow, and nothing changes that must not then."""
    wiring = WIRING[name]
    before = defaultdict(int, registers_of(name) | (left or {}))
    for registers, _ in states(name, done, left):
        now = wiring.family.decode(registers, wiring.hse)
        assert_within_limits(name, now, registers)
        if field(before[wiring.family.cr], 24, 1) and field(registers[wiring.family.cr], 24, 1):
            for address, mask in wiring.family.frozen:
                assert (before[address] ^ registers[address]) & mask == 0, "a running PLL was configured"
        if field(before[wiring.family.cr], 16, 1):
            changed = before[wiring.family.cr] ^ registers[wiring.family.cr]
            assert not field(changed, 18, 1), "the bypass was changed under a running oscillator"
        before = defaultdict(int, registers)


def assert_baud_rate(name: str, done: Run) -> None:
    wiring, kind, registers = WIRING[name], WIRING[name].uart_kind, last(name, done)
    now = clocks(name, done)
    divisor = registers[wiring.uart + kind.brr]
    assert divisor >= (0x300 if wiring.scale > 1 else 16)
    assert divisor < (1 << 20 if wiring.scale > 1 else 1 << 16)
    rate = wiring.scale * (now.apb1 if wiring.bus == 1 else now.apb2) / divisor
    assert abs(rate / BAUD - 1) < Fraction(1, 100)


def assert_raised(name: str, done: Run, baud: int) -> None:
    """The board says of a speed what its divisor comes to, and sets that divisor while the UART is off."""
    wiring, kind = WIRING[name], WIRING[name].uart_kind
    now, (said,) = clocks(name, done), (int(words) for words in done.answer("speed"))
    bus = now.apb1 if wiring.bus == 1 else now.apb2
    least = 0x300 if wiring.scale > 1 else 16
    wanted = max(int(wiring.scale * bus / baud + Fraction(1, 2)), least)
    assert said == wiring.scale * bus // wanted
    if abs(said / baud - 1) < 0.02:
        assert done.written(wiring.uart + kind.brr)[-1] == wanted
        cr1 = [value >> kind.ue & 1 for at, value in done.writes if at == wiring.uart + kind.cr1]
        assert cr1[-2:] == [0, 1]


def test_every_stm32_board_is_tested_here() -> None:
    assert set(STM32) == WIRING.keys()


@pytest.mark.parametrize("name", STM32)
def test_the_clock_is_the_promised_one_and_safe_at_every_step(name: str) -> None:
    done = started(name)
    assert clocks(name, done).core == clock_hz(done) == board(name).clock_hz
    assert_safe_at_every_step(name, done)
    assert_baud_rate(name, done)


@pytest.mark.parametrize("name", STM32)
def test_the_speed_is_raised_to_what_the_clock_divides_to(name: str) -> None:
    """6,000,000 is beyond most of them."""
    for baud in (230_400, 921_600, 6_000_000):
        assert_raised(name, started(name, f"speed {baud:x}"), baud)


# A board, the part that takes the place of its chip, and whose limits are those of the part's line. (All of G0 and H7
# are clocked alike.)
PARTS: Final = (
    ("nucleo-f446re", "STM32F411RE", "STM32F411CE"),
    ("nucleo-f446re", "STM32F429ZI", "STM32F429ZI"),
    ("blackpill-f411ce", "STM32F407VG", "STM32F405RG"),
    ("netduinoplus2", "STM32F401CC", "STM32F401RE"),
    ("stm32vldiscovery", "STM32F103RB", "STM32F103C8"),
    ("bluepill", "STM32F100C8", "STM32F100RB"),
    ("nucleo-l476rg", "STM32L4R5QI", "STM32L4R5ZI"),
    ("nucleo-l4r5zi", "STM32L496ZG", "STM32L476RG"),
)


@pytest.mark.parametrize(("like", "part", "limits"), PARTS, ids=[f"{part}-as-{like}" for like, part, _ in PARTS])
def test_another_part_on_a_board_gets_its_own_clock(
    like: str, part: str, limits: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_board("other", with_part(files_of(board(like).folder), board(like), stm32_part(part)), tmp_path / "other")
    name = str(tmp_path / "other")
    monkeypatch.setitem(WIRING, name, WIRING[like])
    monkeypatch.setitem(LIMITS, part, LIMITS[limits])
    done = started(name)
    assert clocks(name, done).core == clock_hz(done) == board(name).clock_hz == LIMITS[limits].most[0] * MHZ
    assert_safe_at_every_step(name, done)
    assert_baud_rate(name, done)


@pytest.mark.parametrize("name", [n for n in STM32 if WIRING[n].hse_mhz])
def test_without_a_crystal_the_internal_oscillator_does(name: str) -> None:
    """At the same speed, but for the F103, whose PLL reaches 64 MHz from there."""
    done = started(name, crystal=False)
    assert clocks(name, done).core == clock_hz(done) == (64 * MHZ if name == "bluepill" else board(name).clock_hz)
    assert not field(last(name, done)[WIRING[name].family.cr], 16, 1), "the dead oscillator was left on"
    assert_safe_at_every_step(name, done)
    assert_baud_rate(name, done)


@pytest.mark.parametrize("name", STM32)
def test_the_bypass_is_set_where_a_clock_comes_in(name: str) -> None:
    registers = last(name, started(name))
    assert field(registers[WIRING[name].family.cr], 16, 1) == bool(WIRING[name].hse_mhz)
    assert field(registers[WIRING[name].family.cr], 18, 1) == WIRING[name].bypass


def test_a_chip_whose_pll_never_locks_runs_on_and_says_how_fast() -> None:
    for name in ("bluepill", "nucleo-f446re", "nucleo-l4r5zi", "nucleo-g071rb", "nucleo-h743zi"):
        wiring = WIRING[name]
        rules = tuple(
            r for r in wiring.family.ready(crystal=True) if r != Follow(wiring.family.cr, 1 << 24, r.target, 1)
        )
        done = run(name, registers_of(name), rules)
        assert clocks(name, done).core == clock_hz(done) == INTERNAL_MHZ[chip(name)[5:7]] * MHZ
        assert_baud_rate(name, done)


@pytest.mark.parametrize("name", ["bluepill", "nucleo-f401re", "nucleo-l476rg", "nucleo-g071rb", "nucleo-h743zi"])
def test_registers_that_read_as_zero_stop_nothing(name: str) -> None:
    """As on an emulator without the chip's clock control."""
    done = run(name, dict.fromkeys(registers_of(name), 0), (), "send 41")
    assert clock_hz(done) == {"nucleo-l476rg": 4}.get(name, INTERNAL_MHZ[chip(name)[5:7]]) * MHZ
    assert done.written(WIRING[name].uart + WIRING[name].uart_kind.transmit) == [0x41]


@pytest.mark.parametrize("name", STM32)
def test_the_pins_are_the_uarts_and_the_receiver_is_pulled_up(name: str) -> None:
    wiring, done = WIRING[name], started(name)
    registers, (transmit, receive) = last(name, done), wiring.pins
    if wiring.function is None:
        modes = [field(registers[wiring.gpio + 4 * (pin // 8)], 4 * (pin % 8), 4) for pin in wiring.pins]
        assert modes == [0b1011, 0b1000]  # alternate push-pull; input with a pull, up by ODR
        assert done.written(wiring.gpio + 0x10) == [1 << receive]
        return
    for pin in wiring.pins:
        assert field(registers[wiring.gpio], 2 * pin, 2) == 2
        assert field(registers[wiring.gpio + 0x20 + 4 * (pin // 8)], 4 * (pin % 8), 4) == wiring.function
    assert field(registers[wiring.gpio + 0x0C], 2 * receive, 2) == 1
    assert field(registers[wiring.gpio + 0x0C], 2 * transmit, 2) == 0


@pytest.mark.parametrize("name", STM32)
def test_no_other_pin_is_touched(name: str) -> None:
    wiring, registers, before = WIRING[name], last(name, started(name)), registers_of(name)
    width, places = (4, (0x00, 0x04)) if wiring.function is None else (2, (0x00, 0x0C))
    for number, offset in enumerate(places):
        first = 8 * number if wiring.function is None else 0
        ours = sum(((1 << width) - 1) << width * (pin - first) for pin in wiring.pins if 0 <= pin - first < 32 // width)
        assert (registers[wiring.gpio + offset] ^ before.get(wiring.gpio + offset, 0)) & ~ours == 0


@pytest.mark.parametrize("name", STM32)
def test_nothing_is_written_before_it_is_clocked_or_while_it_may_not_be(name: str) -> None:
    wiring, kind = WIRING[name], WIRING[name].uart_kind
    for registers, address in states(name, started(name)):
        if address - wiring.gpio in range(0x400):
            assert field(registers[wiring.gpio_enable[0]], wiring.gpio_enable[1], 1)
        if address - wiring.uart in range(0x400):
            assert field(registers[wiring.uart_enable[0]], wiring.uart_enable[1], 1)
        if address == wiring.uart + kind.brr:
            assert not field(registers[wiring.uart + kind.cr1], kind.ue, 1)


@pytest.mark.parametrize("name", STM32)
def test_the_uart_has_eight_bits_no_parity_and_asks_for_its_interrupt(name: str) -> None:
    wiring, kind, done = WIRING[name], WIRING[name].uart_kind, started(name)
    registers = last(name, done)
    assert registers[wiring.uart + kind.cr1] == 1 << kind.ue | 1 << 5 | 1 << 3 | 1 << 2  # RXNEIE, TE, RE
    assert registers[wiring.uart + kind.cr1 + 4] == registers[wiring.uart + kind.cr1 + 8] == 0
    enabled = [(at - 0xE000E100) * 8 + value.bit_length() - 1 for at, value in done.writes if 0 <= at - 0xE000E100 < 32]
    assert enabled == [wiring.interrupt]


@pytest.mark.parametrize("name", STM32)
def test_a_byte_that_comes_in_is_received(name: str) -> None:
    wiring, kind = WIRING[name], WIRING[name].uart_kind
    status, data = wiring.uart + kind.status, wiring.uart + kind.receive
    arrival = [f"set {status:x} e0", f"set {data:x} a5", f"interrupt {wiring.interrupt:x}", f"get {status:x}"]
    done = started(name, "receive", *arrival, "receive", "receive")
    assert done.answer("received") == ["-1", str(0xA5), "-1"]
    assert done.answer("get") == [f"{status:x} c0"]


@pytest.mark.parametrize("name", STM32)
@pytest.mark.parametrize("flags", [1 << 3, 1 << 5 | 1 << 3], ids=["alone", "with-a-byte"])
def test_an_overrun_does_not_ask_for_ever(name: str, flags: int) -> None:
    wiring, kind = WIRING[name], WIRING[name].uart_kind
    status = wiring.uart + kind.status
    done = started(name, f"set {status:x} {flags:x}", f"interrupt {wiring.interrupt:x}", f"get {status:x}", "receive")
    assert done.answer("get") == [f"{status:x} 0"]
    one = flags >> 5 & 1 or kind.clear is None  # without a register that clears, what DR holds is taken
    assert done.answer("received") == ["0" if one else "-1"]


LEFT: Final = {
    "bluepill": {0x40021000: 0x03000083, 0x40021004: 0x00180402 | 2 << 2, 0x40022000: 0x32, 0x4001380C: 0x340C},
    "nucleo-f446re": {
        0x40023800: 0x03000083,
        0x40023804: 0x24000000 | 16 | 336 << 6 | 2 << 16,
        0x40023808: 0x1000 | 2 | 2 << 2 | 8 << 4,
        0x40023C00: 0x702,
        0x4000440C: 0x340C,
        0x40004410: 0x2000,
        0x40004414: 0x40,
    },
    "nucleo-l476rg": {
        0x40021000: 0x03000563,
        0x4002100C: 1 << 24 | 9 << 8 | 2,
        0x40021008: 3 | 3 << 2 | 4 << 8,
        0x40022000: 0x604,
        0x40004400: 0x142D,
        0x40004404: 0x2000,
        0x40004408: 0x40,
    },
    "nucleo-g071rb": {
        0x40021000: 0x03000500,
        0x4002100C: 1 << 28 | 1 << 29 | 8 << 8 | 2,
        0x40021008: 2 | 2 << 3 | 4 << 12 | 8 << 8,
        0x40022000: 0x702,
        0x40004400: 0x142D,
    },
    "nucleo-h743zi": {0x58024418: 8, 0x5802441C: 0x440, 0x40004800: 0x142D, 0xE000ED14: 1 << 17},
}


@pytest.mark.parametrize("name", LEFT)
def test_what_a_boot_loader_leaves_is_undone_first(name: str) -> None:
    """It runs on a PLL of its own, with divided buses, and its UART is on, with even parity."""
    done = started(name, left=LEFT[name])
    assert clock_hz(done) == board(name).clock_hz
    assert_safe_at_every_step(name, done, LEFT[name])
    fresh, after = last(name, started(name)), last(name, done, LEFT[name])
    assert {address: value for address, value in after.items() if value != fresh[address]} == {}


def test_the_supply_of_port_g_is_switched_on_before_its_pins_are_used() -> None:
    writes = [address for address, value in started("nucleo-l4r5zi").writes]
    supplied = [a for a, v in started("nucleo-l4r5zi").writes if a == 0x40007004 and v >> 9 & 1]
    assert supplied
    assert writes.index(0x40007004) < writes.index(0x48001800)


def test_into_the_boost_mode_the_bus_runs_at_half_speed_first() -> None:
    name = "nucleo-l4r5zi"
    speeds = [WIRING[name].family.decode(registers, Fraction(0)).hclk for registers, _ in states(name, started(name))]
    steps = [hz for n, hz in enumerate(speeds) if n == 0 or hz != speeds[n - 1]]
    assert steps[-2:] == [60 * MHZ, 120 * MHZ]


def test_caches_are_emptied_before_they_are_enabled() -> None:
    writes = started("nucleo-h743zi").writes
    enabled = [n for n, (address, _) in enumerate(writes) if address == 0xE000ED14]
    assert [value >> 16 & 3 for n in enabled for value in [writes[n][1]]] == [2, 3]
    assert 0xE000EF50 in [address for address, _ in writes[: enabled[0]]]
    lines = {value for address, value in writes[enabled[0] : enabled[1]] if address == 0xE000EF60}
    assert lines == {way << 30 | line << 5 for way in range(4) for line in range(128)}
