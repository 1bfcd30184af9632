"""Relocations of RV32: RISC-V ELF psABI specification, chapter 8.4.

Encodings: the RISC-V unprivileged ISA, 2.3 (base instructions) and 16.8 (compressed ones). Code is compiled with
-mno-relax: nothing is to be moved, so R_RISCV_ALIGN has no rule.
"""

from collections.abc import Callable
from typing import Final

from .rules import NO_FIELD, WORD32, Field, Machine, Reach, Rule, Stub, get, patch, put

PAIR_BITS: Final = 32


def _scattered(*groups: tuple[int, int, int]) -> Callable[[int], int]:
    """Function that moves groups of bits: (lowest bit of the value, how many, lowest bit of the instruction)."""
    return lambda value: sum((value >> low & ((1 << count) - 1)) << to for low, count, to in groups)


def _field(size: int, bits: int, *groups: tuple[int, int, int]) -> Field:
    spread = _scattered(*groups)
    mask = spread((1 << bits) - 1)
    return Field(lambda b, at, v: patch(b, at, size, mask, spread(v)), bits, 2)


def _upper(buffer: bytearray, at: int, value: int) -> None:
    """U-type: the upper 20 bits, rounded, since the lower 12 have a sign."""
    patch(buffer, at, 4, 0xFFFFF000, value + 0x800)


def _lower_load(buffer: bytearray, at: int, value: int) -> None:
    """I-type: the lower 12 bits."""
    patch(buffer, at, 4, 0xFFF00000, value << 20)


def _lower_store(buffer: bytearray, at: int, value: int) -> None:
    """S-type: the lower 12 bits, in two pieces."""
    patch(buffer, at, 4, 0xFE000F80, (value >> 5 & 0x7F) << 25 | (value & 0x1F) << 7)


def _call(buffer: bytearray, at: int, value: int) -> None:
    """AUIPC, then JALR."""
    _upper(buffer, at, value)
    _lower_load(buffer, at + 4, value)


UPPER: Final = Field(_upper, PAIR_BITS)

RISCV: Final = Machine(
    "EM_RISCV",
    {
        0: Rule("R_RISCV_NONE", Reach.NOTHING, NO_FIELD),
        1: Rule("R_RISCV_32", Reach.WORD, WORD32),
        16: Rule("R_RISCV_BRANCH", Reach.DISTANCE, _field(4, 13, (1, 4, 8), (5, 6, 25), (11, 1, 7), (12, 1, 31))),
        17: Rule("R_RISCV_JAL", Reach.DISTANCE, _field(4, 21, (1, 10, 21), (11, 1, 20), (12, 8, 12), (20, 1, 31))),
        18: Rule("R_RISCV_CALL", Reach.DISTANCE, Field(_call, PAIR_BITS, 2)),
        19: Rule("R_RISCV_CALL_PLT", Reach.DISTANCE, Field(_call, PAIR_BITS, 2)),
        20: Rule("R_RISCV_GOT_HI20", Reach.SLOT_DISTANCE, UPPER),
        23: Rule("R_RISCV_PCREL_HI20", Reach.DISTANCE, UPPER),
        24: Rule("R_RISCV_PCREL_LO12_I", Reach.PARTNER, Field(_lower_load, PAIR_BITS)),
        25: Rule("R_RISCV_PCREL_LO12_S", Reach.PARTNER, Field(_lower_store, PAIR_BITS)),
        35: Rule("R_RISCV_ADD32", Reach.OFFSET, Field(lambda b, at, v: put(b, at, 4, get(b, at, 4) + v))),
        39: Rule("R_RISCV_SUB32", Reach.OFFSET, Field(lambda b, at, v: put(b, at, 4, get(b, at, 4) - v))),
        44: Rule(
            "R_RISCV_RVC_BRANCH",
            Reach.DISTANCE,
            _field(2, 9, (1, 2, 3), (3, 2, 10), (5, 1, 2), (6, 2, 5), (8, 1, 12)),
        ),
        45: Rule(
            "R_RISCV_RVC_JUMP",
            Reach.DISTANCE,
            _field(2, 12, (1, 3, 3), (4, 1, 11), (5, 1, 2), (6, 1, 7), (7, 1, 6), (8, 2, 9), (10, 1, 8), (11, 1, 12)),
        ),
        51: Rule("R_RISCV_RELAX", Reach.NOTHING, NO_FIELD),
    },
    # auipc t1, 0; lw t1, 12(t1); jr t1; (two bytes of nothing); the word
    Stub(bytes.fromhex("17030000 0323c300 0283 0100 00000000"), 12, 1, 0),
)
