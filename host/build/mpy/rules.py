"""How a relocation's value is reckoned and where its field's bits lie: one rule for each type of each machine.

S is where the symbol lies, A the addend, P where the field lies, G the symbol's slot in the global offset table (GOT).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Reach(Enum):
    """What the value of a field is."""

    WORD = "S + A, a whole word that the loader adds an address to"
    DISTANCE = "S + A - P: fixed when linked, so S must lie in the same block"
    SLOT_DISTANCE = "G + A - P"
    SLOT_IN_TABLE = "G - GOT"
    TABLE_DISTANCE = "GOT + A - P"
    OFFSET = "S + A within the block: of use only beside another, for a difference"
    PARTNER = "what the relocation at the symbol's place has: the other half of its value"
    NOTHING = "nothing: a mark for linkers that move code"


@dataclass(frozen=True, slots=True)
class Field:
    """Bits of an instruction or a word. `write` gets values of `bits` bits with sign, multiples of `step`.

    `bits` 0 is a whole word, of which only the lowest bits count. `read` gives the addend where there is none beside.
    """

    write: Callable[[bytearray, int, int], None]
    bits: int = 0
    step: int = 1
    read: Callable[[bytearray, int], int] = lambda _buffer, _at: 0

    def takes(self, value: int) -> bool:
        """Tell whether the field can hold a value."""
        limit = 1 << self.bits >> 1
        return not self.bits or (-limit <= value < limit and value % self.step == 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A type of relocation; `in_place`: the field holds another addend than the one beside it."""

    name: str
    reach: Reach
    field: Field
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Stub:
    """Code that jumps to a function of the firmware; its address lies in the word or slot of one relocation."""

    code: bytes
    offset: int
    kind: int
    addend: int | None


@dataclass(frozen=True, slots=True)
class Machine:
    """A processor family: its name in ELF headers, its relocations, and what the linker adds as code.

    `jump` gives an instruction at offset 0 that jumps to an offset, where code cannot lie first. `pool_user` finds the
    instruction that uses a word among code, by both their offsets in a function.
    """

    elf_name: str
    rules: Mapping[int, Rule]
    stub: Stub | None = None
    jump: Callable[[int], bytes] | None = None
    pool_user: Callable[[bytes, int], int] = lambda _code, offset: offset


def get(buffer: bytearray, at: int, size: int) -> int:
    """Little-endian number of `size` bytes, without sign."""
    return int.from_bytes(buffer[at : at + size], "little")


def put(buffer: bytearray, at: int, size: int, value: int) -> None:
    """Write the lowest `size` bytes of a number; IndexError behind the buffer's end."""
    if at + size > len(buffer):
        raise IndexError(f"field at {at:#x} of {len(buffer):#x} bytes")
    buffer[at : at + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")


def patch(buffer: bytearray, at: int, size: int, mask: int, value: int) -> None:
    """Replace the bits of `mask`."""
    put(buffer, at, size, (get(buffer, at, size) & ~mask) | (value & mask))


def signed(value: int, bits: int) -> int:
    """Value of the lowest bits as a two's complement number."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def word(size: int) -> Field:
    """Whole word of `size` bytes."""
    return Field(lambda b, at, v: put(b, at, size, v), read=lambda b, at: signed(get(b, at, size), 8 * size))


WORD32: Final = word(4)
WORD64: Final = word(8)
NO_FIELD: Final = Field(lambda _buffer, _at, _value: None)
