"""STM32 chips as their reference manuals and data sheets describe them: what they start with, and their limits."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tests.support.stm32_clocks import MHZ, Decoder, Registers, f1, f2f4, field, g0, h7, l4
from tests.support.stm32_machine import Clear, Follow

# PWR and FLASH
F4_PWR: Final = 0x40007000
L4_PWR: Final = 0x40007000
H7_PWR: Final = 0x58024800


@dataclass(frozen=True, slots=True)
class Family:
    """One clock tree: its formulas, registers after a reset, what ready bits follow.

    `frozen` are masks of registers that a PLL that is on does not let change; `hsi` the numbers of HSION and HSIRDY;
    `switch` the address of CFGR and the width of SW, which lies at bit 0, with SWS above it.
    """

    decode: Decoder
    cr: int
    hsi: tuple[int, int]
    switch: tuple[int, int]
    frozen: tuple[tuple[int, int], ...]
    reset: dict[int, int]
    rules: tuple[Follow, ...] = ()

    def ready(self, *, crystal: bool) -> tuple[Follow, ...]:
        """How ready bits follow; without a crystal HSERDY never does."""
        on, ready = self.hsi
        cfgr, bits = self.switch
        hse = (Follow(self.cr, 1 << 16, self.cr, 1),) if crystal else ()
        return (
            Follow(self.cr, 1 << on, self.cr, ready - on),
            Follow(self.cr, 1 << 24, self.cr, 1),
            Follow(cfgr, (1 << bits) - 1, cfgr, bits),
            *hse,
            *self.rules,
        )


WHOLE: Final = 0xFFFFFFFF
F1: Final = Family(
    f1,
    0x40021000,
    (0, 1),
    (0x40021004, 2),
    ((0x40021004, 63 << 16), (0x4002102C, WHOLE)),
    {0x40021000: 0x83, 0x40022000: 0x30, 0x40010800: 0x44444444, 0x40010804: 0x88844444, 0x40013800: 0xC0},
)
F2F4: Final = Family(
    f2f4,
    0x40023800,
    (0, 1),
    (0x40023808, 2),
    ((0x40023804, WHOLE), (F4_PWR, 3 << 14)),
    {
        0x40023800: 0x83,
        0x40023804: 0x24003010,
        F4_PWR: 0,
        0x40020000: 0xA8000000,
        0x4002000C: 0x64000000,
        0x40011000: 0xC0,
        0x40004400: 0xC0,
    },
    (Follow(F4_PWR, 3 << 16, F4_PWR + 4, 0),),
)
L4: Final = Family(
    l4,
    0x40021000,
    (8, 10),
    (0x40021008, 2),
    ((0x4002100C, WHOLE),),
    {
        0x40021000: 0x63,
        0x4002100C: 0x1000,
        0x40022000: 0x600,
        L4_PWR: 0x200,
        L4_PWR + 0x80: 0x100,
        0x48000000: 0xABFFFFFF,
        0x48001800: 0xFFFFFFFF,
        0x4000441C: 0xC0,
        0x4000801C: 0xC0,
    },
)
G0: Final = Family(
    g0,
    0x40021000,
    (8, 10),
    (0x40021008, 3),
    ((0x4002100C, WHOLE),),
    {0x40021000: 0x500, 0x4002100C: 0x1000, 0x40022000: 0x40600, 0x50000000: 0xEBFFFFFF, 0x4000441C: 0xC0},
)
H7: Final = Family(
    h7,
    0x58024400,
    (0, 2),
    (0x58024410, 3),
    ((0x58024428, 0x3F3), (0x5802442C, 0x1000F), (0x58024430, WHOLE)),
    {
        0x58024400: 0x1,
        0x58024428: 0x02020200,
        0x5802442C: 0x01FF0000,
        0x58024430: 0x01010280,
        0x52002000: 0x37,
        H7_PWR + 0x0C: 0x6,
        H7_PWR + 0x18: 0x4000,
        0x58020C00: 0xFFFFFFFF,
        0x4000481C: 0xC0,
        0xE000ED80: 0xF00FE019,  # CCSIDR: 128 sets of 4 ways of 32 bytes
    },
    (
        Follow(H7_PWR + 0x0C, 1 << 1, H7_PWR + 4, 12),  # LDOEN: ACTVOSRDY
        Follow(H7_PWR + 0x18, 1 << 14, H7_PWR + 0x18, -1),  # VOS: VOSRDY
    ),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a chip allows, in MHz: (core, bus of flash and memory, APB1, APB2), the PLL's input and VCO.

    `wait_states` gives, from the registers, how many the flash is set to and up to which MHz of its bus they do, one
    for each number; `voltage` up to how many MHz of the core the chosen core voltage does. `reset` are registers that
    start otherwise than in other chips of the family.
    """

    most: tuple[int, int, int, int]
    pll_input: tuple[float, float]
    vco: tuple[int, int]
    wait_states: Callable[[Registers], tuple[int, tuple[int, ...]]]
    voltage: Callable[[Registers], int]
    reset: tuple[tuple[int, int], ...] = ()

    def flash_mhz(self, registers: Registers) -> int:
        """Up to how many MHz the flash keeps up as it is set."""
        states, table = self.wait_states(registers)
        return table[min(states, len(table) - 1)]


def every(mhz: int, address: int = 0x40023C00) -> Callable[[Registers], tuple[int, tuple[int, ...]]]:
    """One wait state more for so many MHz."""
    return lambda registers: (field(registers[address], 0, 3), tuple(mhz * n for n in range(1, 9)))


def steps(*mhz: int, address: int = 0x40023C00) -> Callable[[Registers], tuple[int, tuple[int, ...]]]:
    """The wait states' table."""
    return lambda registers: (field(registers[address], 0, 3), mhz)


def f4_voltage(*mhz: int) -> Callable[[Registers], int]:
    """VOS of PWR_CR: MHz for 0 to 3."""
    return lambda registers: mhz[field(registers[F4_PWR], 14, 2)]


def f446_voltage(registers: Registers) -> int:
    """RM0390, RM0090 (F42x): scale 1 with over-drive, which is on when ODEN and ODSWEN are."""
    return (
        (0, 120, 168, 180)[field(registers[F4_PWR], 14, 2)]
        if field(registers[F4_PWR], 16, 2) == 3
        else (0, 120, 144, 168)[field(registers[F4_PWR], 14, 2)]
    )


def l4r5_voltage(registers: Registers) -> int:
    """RM0432: range 1 in boost mode, while R1MODE is 0, and in normal mode."""
    assert field(registers[L4_PWR], 9, 2) == 1
    return 80 if field(registers[L4_PWR + 0x80], 8, 1) else 120


def h7_voltage(registers: Registers) -> int:
    """RM0433: VOS3, 2, 1 are 1, 2, 3; it may be changed once the supply is configured, by LDOEN alone."""
    scale = field(registers[H7_PWR + 0x18], 14, 2)
    assert scale == 1 or field(registers[H7_PWR + 0x0C], 0, 3) == 2, "the voltage was raised in Run* mode"
    return (0, 200, 300, 400)[scale]


def h7_wait_states(registers: Registers) -> tuple[int, tuple[int, ...]]:
    """RM0433, table 17."""
    states, delay = field(registers[0x52002000], 0, 4), field(registers[0x52002000], 4, 2)
    vos = field(registers[H7_PWR + 0x18], 14, 2)
    table = (None, (45, 90, 135, 180, 225), (55, 110, 165, 225), (70, 140, 210, 225))[vos]
    assert table is not None
    assert delay >= (0 if table[min(states, len(table) - 1)] <= 70 else 1)
    return states, table


def anything(registers: Registers) -> int:
    """A core voltage that does for any clock the chip allows."""
    del registers
    return 1000


LIMITS: Final = {
    "STM32F100RB": Limits((24, 24, 24, 24), (1, 24), (16, 24), steps(24, address=0x40022000), anything),
    "STM32F103C8": Limits((72, 72, 36, 72), (1, 25), (16, 72), every(24, 0x40022000), anything),
    "STM32F205RF": Limits((120, 120, 30, 60), (0.95, 2.1), (192, 432), every(30), anything),
    "STM32F401RE": Limits(
        (84, 84, 42, 84), (0.95, 2.1), (192, 432), every(30), f4_voltage(0, 60, 84, 0), ((F4_PWR, 0x8000),)
    ),
    "STM32F405RG": Limits(
        (168, 168, 42, 84), (0.95, 2.1), (192, 432), every(30), f4_voltage(144, 168, 144, 168), ((F4_PWR, 0x4000),)
    ),
    "STM32F411CE": Limits(
        (100, 100, 50, 100),
        (0.95, 2.1),
        (100, 432),
        steps(30, 64, 90, 100),
        f4_voltage(0, 64, 84, 100),
        ((F4_PWR, 0x8000),),
    ),
    "STM32F429ZI": Limits((180, 180, 45, 90), (0.95, 2.1), (100, 432), every(30), f446_voltage, ((F4_PWR, 0xC000),)),
    "STM32F446RE": Limits((180, 180, 45, 90), (0.95, 2.1), (100, 432), every(30), f446_voltage, ((F4_PWR, 0xC000),)),
    "STM32L476RG": Limits((80, 80, 80, 80), (4, 16), (64, 344), every(16, 0x40022000), anything),
    "STM32L4R5ZI": Limits((120, 120, 120, 120), (2.66, 16), (64, 344), every(20, 0x40022000), l4r5_voltage),
    "STM32G071RB": Limits((64, 64, 64, 64), (2.66, 16), (96, 344), steps(24, 48, 64, address=0x40022000), anything),
    "STM32H743ZI": Limits((400, 200, 100, 100), (2, 16), (192, 836), h7_wait_states, h7_voltage),
}


@dataclass(frozen=True, slots=True)
class Uart:
    """A kind of UART: offsets of its registers, UE, and what its flags do: `rules` of its address."""

    cr1: int
    brr: int
    status: int
    receive: int
    transmit: int
    ue: int
    clear: int | None

    def rules(self, base: int) -> tuple[Clear, ...]:
        """DR takes RXNE and the overrun away when read behind SR; RDR only RXNE, ICR the overrun."""
        if self.clear is None:
            return (Clear(base + self.receive, "r", base + self.status, 1 << 5 | 1 << 3),)
        overrun = Clear(base + self.clear, "w", base + self.status, 1 << 3)
        return (Clear(base + self.receive, "r", base + self.status, 1 << 5), overrun)


SR: Final = Uart(0x0C, 0x08, 0x00, 0x04, 0x04, 13, None)
ISR: Final = Uart(0x00, 0x0C, 0x1C, 0x24, 0x28, 0, 0x20)


@dataclass(frozen=True, slots=True)
class Wiring:
    """How a board is wired, from its user manual and the data sheet: UART, pins, crystal.

    `gpio_enable`, `uart_enable`: register and bit of RCC. `pins`: TX, RX. `function` is None on the F1.
    """

    family: Family
    uart_kind: Uart
    uart: int
    uart_enable: tuple[int, int]
    gpio: int
    gpio_enable: tuple[int, int]
    pins: tuple[int, int]
    function: int | None
    interrupt: int
    bus: int
    hse_mhz: int | None
    bypass: bool = False
    scale: int = 1

    @property
    def hse(self) -> Fraction:
        """Frequency of the crystal in Hz, 0 where the board has none."""
        return Fraction((self.hse_mhz or 0) * MHZ)


PA: Final = 0x40020000
F1_USART1: Final = (F1, SR, 0x40013800, (0x40021018, 14), 0x40010800, (0x40021018, 2), (9, 10), None, 37, 2)
F4_USART1: Final = (F2F4, SR, 0x40011000, (0x40023844, 4), PA, (0x40023830, 0), (9, 10), 7, 37, 2)
F4_USART2: Final = (F2F4, SR, 0x40004400, (0x40023840, 17), PA, (0x40023830, 0), (2, 3), 7, 38, 1)
L4_USART2: Final = (L4, ISR, 0x40004400, (0x40021058, 17), 0x48000000, (0x4002104C, 0), (2, 3), 7, 38, 1)
L4_LPUART1: Final = (L4, ISR, 0x40008000, (0x4002105C, 0), 0x48001800, (0x4002104C, 6), (7, 8), 8, 70, 1)
G0_USART2: Final = (G0, ISR, 0x40004400, (0x4002103C, 17), 0x50000000, (0x40021034, 0), (2, 3), 1, 28, 1)
H7_USART3: Final = (H7, ISR, 0x40004800, (0x580244E8, 18), 0x58020C00, (0x580244E0, 3), (8, 9), 7, 39, 1)
WIRING: Final = {
    "bluepill": Wiring(*F1_USART1, 8),
    "stm32vldiscovery": Wiring(*F1_USART1, 8),
    "netduino2": Wiring(*F4_USART1, 25),
    "netduino2-20k": Wiring(*F4_USART1, 25),
    "netduinoplus2": Wiring(*F4_USART1, 25),
    "blackpill-f411ce": Wiring(*F4_USART1, 25),
    "nucleo-f401re": Wiring(*F4_USART2, 8, bypass=True),
    "nucleo-f446re": Wiring(*F4_USART2, 8, bypass=True),
    "nucleo-l476rg": Wiring(*L4_USART2, None),
    "nucleo-l4r5zi": Wiring(*L4_LPUART1, None, scale=256),
    "nucleo-g071rb": Wiring(*G0_USART2, None),
    "nucleo-h743zi": Wiring(*H7_USART3, 8, bypass=True),
}
