"""Tables to be written: numbers, vectors and tables of them, laid out as one flatbuffer."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number inside a table; `code` is a letter of the struct module."""

    code: str
    value: float


@dataclass(frozen=True, slots=True)
class Vector:
    """Items that are no tables: their bytes, how many, and how the first of them is aligned."""

    data: bytes
    count: int
    alignment: int = 4
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class Fields:
    """A table: fields by number; what is left out has its default."""

    fields: Mapping[int, "Field"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tables:
    """A vector of tables."""

    items: Sequence[Fields]


Field = Scalar | Vector | Fields | Tables
Pending = list[tuple[int, Vector | Fields | Tables]]


def int32(value: int) -> Scalar:
    """A field that is an int32."""
    return Scalar("i", value)


def integers(values: Sequence[int]) -> Vector:
    """A field that is a vector of int32."""
    return Vector(np.asarray(values, "<i4").tobytes(), len(values))


def serialize(root: Fields, identifier: bytes) -> bytes:
    """Lay tables out parents first: offsets point forward, and are patched when their target is placed."""
    out = bytearray(4) + identifier
    pending: Pending = [(0, root)]
    for place, item in pending:  # grows while we walk it
        match item:
            case Fields(fields):
                start = _place_table(out, fields, pending)
            case Tables(items):
                start = _place(out, len(items), bytes(4 * len(items)), 4)
                pending += [(start + 4 + 4 * i, table) for i, table in enumerate(items)]
            case Vector(data, count, alignment, tail):
                start = _place(out, count, data + tail, alignment)
        struct.pack_into("<I", out, place, start - place)
    return bytes(out)


def _place(out: bytearray, count: int, data: bytes, alignment: int) -> int:
    out += bytes(-(len(out) + 4) % alignment)
    start = len(out)
    out += struct.pack("<I", count) + data
    out += bytes(-len(out) % 4)
    return start


def _place_table(out: bytearray, fields: Mapping[int, Field], pending: Pending) -> int:
    vtable, slots = len(out), max(fields, default=-1) + 1
    size = 4 + 2 * slots
    offsets = {number: 4 + 4 * i for i, number in enumerate(fields)}
    entries = [offsets.get(number, 0) for number in range(slots)]
    out += struct.pack(f"<HH{slots}H", size, 4 + 4 * len(fields), *entries)
    out += bytes(-len(out) % 4)
    start = len(out)
    out += struct.pack("<i", start - vtable) + bytes(4 * len(fields))
    for number, value in fields.items():
        place = start + offsets[number]
        if isinstance(value, Scalar):
            struct.pack_into(f"<{value.code}", out, place, value.value)
        else:
            pending.append((place, value))
    return start
