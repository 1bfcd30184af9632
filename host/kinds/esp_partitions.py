"""The partition table of ESP chips (ESP-IDF programming guide, "Partition Tables"), as far as flashing needs it."""

import struct
from typing import Final

TABLE_OFFSET: Final = 0x8000
APP_OFFSET: Final = 0x10000
# Where the ROM looks for the second-stage boot loader; 0 on all others.
BOOT_OFFSETS: Final = {"esp32": 0x1000, "esp32s2": 0x1000}
ENTRY: Final = struct.Struct("<2sBBII16sI")
MAGIC: Final = b"\xaa\x50"
APP: Final = 0
DATA: Final = 1
OTA_DATA: Final = 0
FIRST_APPS: Final = (0x00, 0x10)  # factory, ota_0: where the boot loader starts with blank OTA data


def first_app(table: bytes) -> int | None:
    """Offset of the application that a board without OTA data starts; None if the table has none."""
    apps = {subtype: offset for kind, subtype, offset, _ in _entries(table) if kind == APP}
    return next((apps[s] for s in FIRST_APPS if s in apps), None)


def ota_data(table: bytes) -> tuple[int, int] | None:
    """Offset and size of the partition that remembers which application to start; None if there is none."""
    return next(((o, size) for kind, subtype, o, size in _entries(table) if (kind, subtype) == (DATA, OTA_DATA)), None)


def _entries(table: bytes) -> list[tuple[int, int, int, int]]:
    """Type, subtype, offset and size of each partition; the list ends where no entry begins."""
    found = []
    for start in range(0, len(table) - ENTRY.size + 1, ENTRY.size):
        magic, kind, subtype, offset, size, _label, _flags = ENTRY.unpack_from(table, start)
        if magic != MAGIC:
            break
        found.append((kind, subtype, offset, size))
    return found
