"""Relocations of Thumb code: ELF for the Arm Architecture (IHI 0044), section 4.6; encodings: Armv7-M ARM (DDI 0403).

A function's address has bit 0 set, which branches ignore: they may have any value, and pointers keep it.
"""

from typing import Final

from .rules import NO_FIELD, WORD32, Field, Machine, Reach, Rule, Stub, get, patch, signed


def _write_branch24(buffer: bytearray, at: int, value: int) -> None:
    """BL and B.W, encoding T4: sign, then 10 bits, and in the second half J1, J2 and 11 bits (A7.7.12, A7.7.18)."""
    sign = value >> 24 & 1
    j1, j2 = (~(value >> 23) ^ sign) & 1, (~(value >> 22) ^ sign) & 1
    patch(buffer, at, 2, 0x07FF, sign << 10 | (value >> 12 & 0x3FF))
    patch(buffer, at + 2, 2, 0x2FFF, j1 << 13 | j2 << 11 | (value >> 1 & 0x7FF))


def _read_branch24(buffer: bytearray, at: int) -> int:
    high, low = get(buffer, at, 2), get(buffer, at + 2, 2)
    sign = high >> 10 & 1
    i1, i2 = ~((low >> 13) ^ sign) & 1, ~((low >> 11) ^ sign) & 1
    return signed(sign << 24 | i1 << 23 | i2 << 22 | (high & 0x3FF) << 12 | (low & 0x7FF) << 1, 25)


def _write_branch20(buffer: bytearray, at: int, value: int) -> None:
    """B<cond>.W, encoding T3 (A7.7.12)."""
    patch(buffer, at, 2, 0x043F, (value >> 20 & 1) << 10 | (value >> 12 & 0x3F))
    patch(buffer, at + 2, 2, 0x2FFF, (value >> 18 & 1) << 13 | (value >> 19 & 1) << 11 | (value >> 1 & 0x7FF))


def _read_branch20(buffer: bytearray, at: int) -> int:
    high, low = get(buffer, at, 2), get(buffer, at + 2, 2)
    top = (high >> 10 & 1) << 20 | (low >> 11 & 1) << 19 | (low >> 13 & 1) << 18
    return signed(top | (high & 0x3F) << 12 | (low & 0x7FF) << 1, 21)


def _short(bits: int) -> Field:
    """B and B<cond> of 16 bits, encodings T2 and T1: the distance in halfwords."""
    mask = (1 << bits - 1) - 1
    return Field(
        lambda b, at, v: patch(b, at, 2, mask, v >> 1), bits, 1, lambda b, at: signed(get(b, at, 2) << 1, bits)
    )


def pool_user(code: bytes, offset: int) -> int:
    """The instruction that loads the word at an offset of a function: LDR (literal), encodings T1 and T2 (A7.7.44).

    The offset itself if there is none.
    """
    for at in range(0, min(offset, len(code) - 3), 2):
        half, base = int.from_bytes(code[at : at + 2], "little"), (at + 4) & ~3
        near = half >> 11 == 0b01001 and base + (half & 0xFF) * 4 == offset
        if near or (half == 0xF8DF and base + (int.from_bytes(code[at + 2 : at + 4], "little") & 0xFFF) == offset):
            return at
    return offset


BRANCH24: Final = Field(_write_branch24, 25, 1, _read_branch24)
BRANCH20: Final = Field(_write_branch20, 21, 1, _read_branch20)

ARM: Final = Machine(
    "EM_ARM",
    {
        0: Rule("R_ARM_NONE", Reach.NOTHING, NO_FIELD),
        2: Rule("R_ARM_ABS32", Reach.WORD, WORD32),
        3: Rule("R_ARM_REL32", Reach.DISTANCE, WORD32),
        10: Rule("R_ARM_THM_CALL", Reach.DISTANCE, BRANCH24),
        25: Rule("R_ARM_BASE_PREL", Reach.TABLE_DISTANCE, WORD32),
        26: Rule("R_ARM_GOT_BREL", Reach.SLOT_IN_TABLE, WORD32),
        30: Rule("R_ARM_THM_JUMP24", Reach.DISTANCE, BRANCH24),
        51: Rule("R_ARM_THM_JUMP19", Reach.DISTANCE, BRANCH20),
        96: Rule("R_ARM_GOT_PREL", Reach.SLOT_DISTANCE, WORD32),
        102: Rule("R_ARM_THM_JUMP11", Reach.DISTANCE, _short(12)),
        103: Rule("R_ARM_THM_JUMP8", Reach.DISTANCE, _short(9)),
    },
    # ldr r3, [pc]; bx r3; the word: r3 is no argument of a function of three
    Stub(bytes.fromhex("004b 1847 00000000"), 4, 2, None),
    pool_user=pool_user,
)
