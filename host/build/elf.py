"""Reads the sections of an ELF file, or of all that lie in an archive: enough to say what an image takes.

Source: Tool Interface Standard, Executable and Linking Format 1.2; the archive format of ar(5).
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError

ARCHIVE: Final = b"!<arch>\n"
NO_BITS: Final = 8  # sh_type of what takes no place in the file
WRITABLE: Final = 1  # sh_flags
IN_MEMORY: Final = 2
# Head's size, where e_shoff, e_shentsize and what follows lie; formats of both, and of a section's head.
LAYOUTS: Final = {1: (32, "I", 46, "IIIIII"), 2: (40, "Q", 58, "IIQQQQ")}


@dataclass(frozen=True, slots=True)
class MemorySection:
    """A section that takes memory when the image runs: its name, bytes, and whether they are set, and may change.

    Its address is 0 before an image is linked.
    """

    name: str
    address: int
    size: int
    writable: bool
    empty: bool


def sections(path: Path) -> tuple[MemorySection, ...]:
    """All sections in memory of an ELF file or archive. Raises ToolError if it is missing or neither of both."""
    try:
        data = path.read_bytes()
        parts = _members(data) if data.startswith(ARCHIVE) else [data]
        return tuple(s for part in parts for s in _sections(part))
    except (OSError, struct.error, KeyError, ValueError, IndexError):
        raise ToolError(f"cannot measure {path}: it is missing or no ELF file", "run `depthwise build` again") from None


def _members(data: bytes) -> list[bytes]:
    """ELF files of an archive: heads of 60 bytes, contents at even offsets."""
    found, at = [], len(ARCHIVE)
    while at + 60 <= len(data):
        size = int(data[at + 48 : at + 58])
        found.append(data[at + 60 : at + 60 + size])
        at += 60 + size + size % 2
    return [part for part in found if part.startswith(b"\x7fELF")]


def _sections(data: bytes) -> list[MemorySection]:
    if not data.startswith(b"\x7fELF"):
        raise ValueError
    start_at, start_format, sizes_at, head_format = LAYOUTS[data[4]]
    order = {1: "<", 2: ">"}[data[5]]
    (start,) = struct.unpack_from(order + start_format, data, start_at)
    size, count, names = struct.unpack_from(f"{order}HHH", data, sizes_at)
    heads = [struct.unpack_from(order + head_format, data, start + i * size) for i in range(count)]
    base = heads[names][4]
    return [
        MemorySection(_text(data, base + name), address, length, bool(flags & WRITABLE), kind == NO_BITS)
        for name, kind, flags, address, _, length in heads
        if flags & IN_MEMORY
    ]


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode(errors="replace")
