"""Reads flatbuffers without trusting them: every offset and length is checked against the file.

Nothing here recurses, and a file may not make us decode more than a few times its own size, so a damaged or
hostile file gives a `ModelError` quickly. Layout: flatbuffers.dev, "FlatBuffer Internals". All numbers are
little-endian; a table starts with the distance back to its vtable, which holds one 16-bit offset per field.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.errors import ModelError

DECODED_PER_BYTE: Final = 16  # a sound file is decoded about once; vectors may be shared, but not without end
FREE_ALLOWANCE: Final = 4096


@dataclass(slots=True)
class Allowance:
    """Bytes that may still be decoded."""

    left: int

    def spend(self, size: int) -> None:
        """Take `size` bytes off; ModelError when the file asks for more than its size can justify."""
        self.left -= size
        if self.left < 0:
            raise ModelError("model file is damaged: it refers to the same bytes over and over")


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a flatbuffer and how much of them may still be decoded."""

    data: bytes
    allowance: Allowance

    def check(self, position: int, count: int, itemsize: int, what: str) -> None:
        """Refuse `count` items of `itemsize` bytes at `position` unless they lie inside the file."""
        if position < 0 or position + count * itemsize > len(self.data):
            raise ModelError(
                f"model file is damaged: {what} of {count:,} x {itemsize} bytes at byte {position:,}, "
                f"but the file has {len(self.data):,} bytes"
            )

    def unsigned(self, position: int, itemsize: int, what: str) -> int:
        """Unsigned number at `position`."""
        self.check(position, 1, itemsize, what)
        return int.from_bytes(self.data[position : position + itemsize], "little")


def root(data: bytes, identifier: bytes) -> "Table":
    """First table of a flatbuffer, whose bytes 4…7 must be `identifier`."""
    if len(data) < 8:
        raise ModelError(f"model file has {len(data)} bytes, the shortest flatbuffer has 8")
    if data[4:8] != identifier:
        raise ModelError(
            f"model file has identifier {data[4:8]!r} where {identifier!r} belongs", "is this a .tflite file?"
        )
    file = File(data, Allowance(DECODED_PER_BYTE * len(data) + FREE_ALLOWANCE))
    return _table_at(file, file.unsigned(0, 4, "root offset"))


def _table_at(file: File, position: int) -> "Table":
    file.allowance.spend(4)
    distance = file.unsigned(position, 4, "table")
    vtable = position - (distance - (1 << 32) if distance >= 1 << 31 else distance)
    size = file.unsigned(vtable, 2, "vtable")
    file.check(vtable, size, 1, "vtable")
    return Table(file, position, vtable, size)


@dataclass(frozen=True, slots=True)
class Table:
    """A flatbuffer table; a field is named by its number, and an absent one has its default."""

    file: File
    position: int
    vtable: int
    vtable_size: int

    def _field(self, field: int) -> int | None:
        entry = 4 + 2 * field
        if entry + 2 > self.vtable_size:
            return None
        offset = self.file.unsigned(self.vtable + entry, 2, "field")
        return self.position + offset if offset else None

    def _integer(self, field: int, code: str, default: int) -> int:
        position = self._field(field)
        if position is None:
            return default
        self.file.check(position, 1, struct.calcsize(code), "field")
        return int(struct.unpack_from(code, self.file.data, position)[0])

    def int8(self, field: int) -> int:
        """Signed byte, default 0."""
        return self._integer(field, "<b", 0)

    def int32(self, field: int, default: int = 0) -> int:
        """32-bit signed integer."""
        return self._integer(field, "<i", default)

    def uint32(self, field: int) -> int:
        """32-bit unsigned integer, default 0."""
        return self._integer(field, "<I", 0)

    def uint64(self, field: int) -> int:
        """64-bit unsigned integer, default 0."""
        return self._integer(field, "<Q", 0)

    def flag(self, field: int) -> bool:
        """Truth value, default false."""
        return self._integer(field, "<B", 0) != 0

    def float32(self, field: int) -> float:
        """32-bit float, default 0."""
        position = self._field(field)
        if position is None:
            return 0.0
        self.file.check(position, 1, 4, "field")
        return float(struct.unpack_from("<f", self.file.data, position)[0])

    def _target(self, field: int, what: str) -> int | None:
        position = self._field(field)
        if position is None:
            return None
        return position + self.file.unsigned(position, 4, what)

    def table(self, field: int) -> "Table | None":
        """Table that the field points to."""
        target = self._target(field, "table")
        return None if target is None else _table_at(self.file, target)

    def extent(self, field: int, itemsize: int = 1) -> tuple[int, int]:
        """(position, length) of the items of a vector; (0, 0) when it is absent."""
        target = self._target(field, "vector")
        if target is None:
            return 0, 0
        length = self.file.unsigned(target, 4, "vector")
        self.file.check(target + 4, length, itemsize, "vector")
        return target + 4, length

    def _numbers[T: (int, float)](self, field: int, code: str, convert: Callable[..., T]) -> tuple[T, ...]:
        itemsize = struct.calcsize("<" + code)
        position, length = self.extent(field, itemsize)
        self.file.allowance.spend(length * itemsize)
        return tuple(map(convert, struct.unpack_from(f"<{length}{code}", self.file.data, position)))
