"""Relocations of x86-64: System V ABI, AMD64 supplement, section 4.4.1."""

from typing import Final

from .rules import NO_FIELD, WORD64, Field, Machine, Reach, Rule, Stub, get, put, signed

SIGNED32: Final = Field(lambda b, at, v: put(b, at, 4, v), 32, read=lambda b, at: signed(get(b, at, 4), 32))

X64: Final = Machine(
    "EM_X86_64",
    {
        0: Rule("R_X86_64_NONE", Reach.NOTHING, NO_FIELD),
        1: Rule("R_X86_64_64", Reach.WORD, WORD64),
        2: Rule("R_X86_64_PC32", Reach.DISTANCE, SIGNED32),
        4: Rule("R_X86_64_PLT32", Reach.DISTANCE, SIGNED32),
        9: Rule("R_X86_64_GOTPCREL", Reach.SLOT_DISTANCE, SIGNED32),
        41: Rule("R_X86_64_GOTPCRELX", Reach.SLOT_DISTANCE, SIGNED32),
        42: Rule("R_X86_64_REX_GOTPCRELX", Reach.SLOT_DISTANCE, SIGNED32),
    },
    # jmp *slot(%rip)
    Stub(bytes.fromhex("ff25 00000000"), 2, 9, -4),
)
