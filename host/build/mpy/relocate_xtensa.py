"""Relocations of Xtensa: bfd/elf32-xtensa.c names them; encodings: Xtensa ISA reference manual, chapter 7.3.

The compiler's literals (`.literal`) are its GOT: words in front of the code that loads them by L32R. A word holds an
addend of its own besides the one in the relocation.
"""

from typing import Final

from .rules import NO_FIELD, WORD32, Field, Machine, Reach, Rule, get, patch, put

# NONE, ASM_EXPAND and ASM_SIMPLIFY, DIFF8 to DIFF32, PDIFF8 to NDIFF32: marks for linkers that move code, and
# differences within one section, which the assembler has written.
MARKS: Final = (0, 11, 12, 17, 18, 19, *range(57, 63))
L32R, CALL, JUMP = 1, 5, 6  # lowest bits of the instructions of 24 bits that reach another section
BRANCH_REACH: Final = 2052


def _slot0(buffer: bytearray, at: int, value: int) -> None:
    """Distance from P in an instruction, by its operation (op0, for J also n). OverflowError where it does not reach.

    L32R counts words back from the word boundary after its first byte, CALLn words from 4 bytes after the word it
    begins in, J bytes from 4 on. Branches stay in their section: the assembler has written their distance.
    """
    operation = get(buffer, at, 3)
    if operation & 0xF == L32R:
        _words(buffer, at, value + at - ((at + 3) & ~3), 8, range(-(1 << 16), 0))
    elif operation & 0xF == CALL:
        _words(buffer, at, value + at - (at & ~3) - 4, 6, range(-(1 << 17), 1 << 17))
    elif operation & 0x3F == JUMP:
        _check(value - 4, range(-(1 << 17), 1 << 17))
        patch(buffer, at, 3, 0xFFFFC0, (value - 4) << 6)
    else:
        _check(value, range(-BRANCH_REACH, BRANCH_REACH))


def _words(buffer: bytearray, at: int, distance: int, shift: int, reach: range) -> None:
    _check(distance >> 2, reach)
    patch(buffer, at, 3, 0xFFFFFF >> shift << shift, distance >> 2 << shift)


def _check(value: int, reach: range) -> None:
    if value not in reach:
        raise OverflowError


def jump(to: int) -> bytes:
    """J at offset 0 to another offset; OverflowError from 128 KB on."""
    code = bytearray(4)
    put(code, 0, 3, JUMP)
    _slot0(code, 0, to)
    return bytes(code)


XTENSA: Final = Machine(
    "EM_XTENSA",
    {
        1: Rule("R_XTENSA_32", Reach.WORD, WORD32, in_place=True),
        6: Rule("R_XTENSA_PLT", Reach.WORD, WORD32, in_place=True),
        20: Rule("R_XTENSA_SLOT0_OP", Reach.DISTANCE, Field(_slot0)),
        **{number: Rule("a mark", Reach.NOTHING, NO_FIELD) for number in MARKS},
    },
    jump=jump,
)
