"""Reads an .mpy file with native code: header, names, blocks and what the loader does to them."""

from dataclasses import asdict, dataclass
from typing import Any

from depthwise.codegen.errors import InputError

from .abi import (
    ARCH_FLAGS,
    BSS,
    END_OF_RELOCATIONS,
    FLAG_BSS,
    FLAG_RELOCATIONS,
    FLAG_RODATA,
    FUN_TABLE_ENTRY,
    FUN_TABLE_LENGTH,
    KIND_VIPER,
    OBJ_TABLE,
    QSTR_TABLE,
    RODATA,
    TEXT,
    destination_name,
)
from .linker_values import Fixup, Image
from .native_archs import NATIVE_ARCHS


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeModule:
    """What an .mpy file holds. A name is text, or the number of one that every firmware has."""

    version: int
    sub_version: int
    arch: str
    arch_flags: int
    small_int_bits: int
    names: tuple[str | int, ...]
    text: bytes
    rodata: bytes
    bss_bytes: int
    fixups: tuple[Fixup, ...]

    @property
    def heap_bytes(self) -> int:
        """RAM that importing it takes for code, constants and variables."""
        return len(self.text) + len(self.rodata) + self.bss_bytes

    def as_json(self) -> dict[str, Any]:
        """Plain data: sizes in place of bytes, destinations by name."""
        data = {k: v for k, v in asdict(self).items() if k not in ("text", "rodata", "fixups")}
        used = sorted({f.destination for f in self.fixups})
        sizes = {"text_bytes": len(self.text), "rodata_bytes": len(self.rodata), "heap_bytes": self.heap_bytes}
        return {**data, **sizes, "uses": [destination_name(d) for d in used], "relocations": len(self.fixups)}


@dataclass(slots=True)
class _Reader:
    """Bytes of a file with a place in them."""

    data: bytes
    path: str
    at: int = 0

    def take(self, count: int) -> bytes:
        found = self.data[self.at : self.at + count]
        if len(found) < count:
            raise self.wrong(f"it ends at byte {len(self.data)}, but {count} more are to follow byte {self.at}")
        self.at += count
        return found

    def vuint(self) -> int:
        value, more = 0, True
        while more:
            (byte,) = self.take(1)
            value, more = value << 7 | byte & 0x7F, bool(byte & 0x80)
        return value

    def name(self) -> str | int:
        length = self.vuint()
        if length & 1:
            return length >> 1
        text = self.take(length >> 1)
        self.take(1)
        return text.decode(errors="replace")

    def wrong(self, what: str) -> InputError:
        return InputError(f"{self.path} is damaged: {what}", "build or copy the module again")


def read_module(data: bytes, path: str) -> NativeModule:
    """Read a native module. Raises InputError for another file, one of bytecode, and a damaged one."""
    reader = _Reader(data, path)
    magic, version, features, bits = reader.take(4)
    if magic != ord("M"):
        raise InputError(f"{path} is no .mpy file: it begins with byte {magic:#04x}, not 0x4d", "give a .mpy file")
    number = features >> 2 & 0xF
    arch = next((a.name for a in NATIVE_ARCHS.values() if a.number == number), f"number {number}" if number else "none")
    arch_flags = reader.vuint() if features & ARCH_FLAGS else 0
    name_count, object_count = reader.vuint(), reader.vuint()
    names = tuple(reader.name() for _ in range(name_count))
    kind = reader.vuint() if not object_count else 0
    if kind & 7 != KIND_VIPER:
        raise InputError(f"{path} holds bytecode, not a native module alone", "give the .mpy file that was built")
    image = _image(reader, kind >> 3, 8 if arch == "x64" else 4)
    if reader.at != len(data):
        raise reader.wrong(f"{len(data) - reader.at} bytes follow its end")
    return NativeModule(
        version=version,
        sub_version=features & 3,
        arch=arch,
        arch_flags=arch_flags,
        small_int_bits=bits,
        names=names,
        text=image.text,
        rodata=image.rodata,
        bss_bytes=image.bss_bytes,
        fixups=image.fixups,
    )


def _image(reader: _Reader, text_bytes: int, word: int) -> Image:
    text, flags = reader.take(text_bytes), reader.vuint()
    rodata_bytes = reader.vuint() if flags & FLAG_RODATA else 0
    bss_bytes = reader.vuint() if flags & FLAG_BSS else 0
    rodata = reader.take(rodata_bytes)
    fixups = _fixups(reader, text_bytes, rodata_bytes, word) if flags & FLAG_RELOCATIONS else ()
    return Image(text, rodata, bss_bytes, fixups)


def _fixups(reader: _Reader, text_bytes: int, rodata_bytes: int, word: int) -> tuple[Fixup, ...]:
    """The loader's operations (mp_native_relocate in py/persistentcode.c), one a word."""
    found: list[Fixup] = []
    base, at, limits = TEXT, 0, {TEXT: text_bytes // word, RODATA: rodata_bytes // word}
    while (operation := reader.take(1)[0]) != END_OF_RELOCATIONS:
        if operation & 1:
            place = reader.vuint()
            base, at = (RODATA if place & 1 else TEXT), place >> 1
        code, count = operation >> 1, 1
        if code < QSTR_TABLE:
            count, code = (reader.vuint() if code & 1 else 1), code >> 1
        known = code <= BSS or QSTR_TABLE <= code <= OBJ_TABLE or code < FUN_TABLE_ENTRY + FUN_TABLE_LENGTH
        if not known or at + count > limits[base]:
            raise reader.wrong(f"relocation {operation:#04x} of {count} words at word {at} leads nowhere")
        found += [Fixup(base, at + i, code) for i in range(count)]
        at += count
    return tuple(found)
