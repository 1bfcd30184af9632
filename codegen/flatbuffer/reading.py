"""A bounds-checked reader of flatbuffers: no byte string makes it do anything but answer or raise ModelError.

Every offset is checked against the file before it is followed, nothing recurses, and the bytes handed out are
counted: a file whose tables overlap to look larger than it is runs out of its budget instead of out of memory.
Format: the FlatBuffers "Internals" page. All integers are little-endian.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import ModelError

BUDGET_PER_BYTE: Final = 8
LONGEST_NAME: Final = 256
# A vtable of 4 bytes, then the table's offset back to it.
WITHOUT_FIELDS: Final = bytes([4, 0, 4, 0, 4, 0, 0, 0])


class Flatbuffer:
    """The bytes of a file, and how many more may be handed out."""

    __slots__ = ("data", "left")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left = BUDGET_PER_BYTE * len(data) + 4096

    def scalar(self, code: str, position: int) -> int | float:
        """Read one number; `code` is a letter of the struct module."""
        size = struct.calcsize(f"<{code}")
        self._check(position, size)
        value: int | float = struct.unpack_from(f"<{code}", self.data, position)[0]
        return value

    def integer(self, code: str, position: int) -> int:
        """Read one integer."""
        return int(self.scalar(code, position))

    def block(self, position: int, size: int) -> bytes:
        """Read `size` bytes."""
        self._check(position, size)
        return self.data[position : position + size]

    def root(self) -> "Table":
        """Follow the first offset of the file."""
        return Table(self, self.integer("I", 0))

    def _check(self, position: int, size: int) -> None:
        if position < 0 or size < 0 or position + size > len(self.data):
            raise ModelError(
                f"the model file is damaged: it refers to bytes {position} to {position + size}, "
                f"but has {len(self.data)}",
                "copy or convert it again",
            )
        self.left -= size
        if self.left < 0:
            raise ModelError(
                f"the model file is damaged: its tables claim more than {BUDGET_PER_BYTE} times its "
                f"{len(self.data)} bytes",
                "copy or convert it again",
            )


@dataclass(frozen=True, slots=True)
class Table:
    """One table: fields by number, absent ones at their default."""

    buffer: Flatbuffer
    position: int

    def _field(self, number: int) -> int | None:
        vtable = self.position - self.buffer.integer("i", self.position)
        if 4 + 2 * number >= self.buffer.integer("H", vtable):
            return None
        offset = self.buffer.integer("H", vtable + 4 + 2 * number)
        return self.position + offset if offset else None

    def _target(self, number: int) -> int | None:
        where = self._field(number)
        return None if where is None else where + self.buffer.integer("I", where)

    def scalar(self, number: int, code: str, default: int = 0) -> int:
        """Integer field."""
        where = self._field(number)
        return default if where is None else self.buffer.integer(code, where)

    def real(self, number: int, default: float) -> float:
        """float32 field."""
        where = self._field(number)
        return default if where is None else float(self.buffer.scalar("f", where))

    def has(self, number: int) -> bool:
        """Tell whether a field is present."""
        return self._field(number) is not None

    def table(self, number: int) -> "Table | None":
        """Field that is a table."""
        where = self._target(number)
        return None if where is None else Table(self.buffer, where)

    def text(self, number: int) -> str:
        """String field, at most 256 bytes of it; empty where absent."""
        where = self._target(number)
        if where is None:
            return ""
        size = self.buffer.integer("I", where)
        return self.buffer.block(where + 4, min(size, LONGEST_NAME)).decode("utf-8", "replace")

    def array(self, number: int, dtype: str) -> NDArray[np.generic]:
        """Vector of numbers as a read-only numpy array; empty where absent."""
        kind = np.dtype(dtype).newbyteorder("<")
        where = self._target(number)
        if where is None:
            return np.zeros(0, kind)
        count = self.buffer.integer("I", where)
        return np.frombuffer(self.buffer.block(where + 4, count * kind.itemsize), kind)

    def integers(self, number: int, dtype: str = "int32") -> tuple[int, ...]:
        """Vector of integers."""
        return tuple(int(v) for v in self.array(number, dtype).tolist())

    def count(self, number: int) -> int:
        """Length of a vector field; 0 where absent."""
        where = self._target(number)
        return 0 if where is None else self.buffer.integer("I", where)

    def tables(self, number: int, most: int, what: str) -> Iterator["Table"]:
        """Vector of tables; more than `most` of them are refused."""
        count = self.count(number)
        if count > most:
            raise ModelError(f"the model file claims {count} {what}, at most {most} are read")
        where = self._target(number)
        for i in range(count):
            assert where is not None
            element = where + 4 + 4 * i
            yield Table(self.buffer, element + self.buffer.integer("I", element))


def empty_table() -> Table:
    """A table without fields: every one at its default."""
    return Table(Flatbuffer(WITHOUT_FIELDS), 4)
