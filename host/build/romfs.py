"""Writes images of MicroPython's read-only filesystem in which file data is aligned, so that weights are used in place.

Format: the comment in MicroPython's extmod/vfs_rom.c. A number may have any count of leading 0x80 bytes: that is how
data gets to its place.
"""

from collections.abc import Mapping
from typing import Final

ALIGNMENT: Final = 4
MAGIC: Final = b"\xd2\xcd\x31"
PADDING: Final = 1
DATA: Final = 2
DIRECTORY: Final = 4
FILE: Final = 5
WIDTH: Final = 5


def romfs_image(files: Mapping[str, bytes]) -> bytes:
    """Image of a filesystem with these files, by path such as `lib/vww.mpy`. Data lies at multiples of 4."""
    start = len(MAGIC) + WIDTH
    payload = _contents(files, start)
    if len(payload) % 2:
        payload += bytes([PADDING, 1, 0])
    return MAGIC + _number(len(payload), WIDTH) + payload


def _contents(files: Mapping[str, bytes], start: int) -> bytes:
    """Records of a folder's files and folders; the first of them lies at `start` of the image."""
    content = b""
    for name in sorted({path.split("/")[0] for path in files}):
        if name in files:
            content += _file(name, files[name], start + len(content))
        else:
            inner = {path[len(name) + 1 :]: data for path, data in files.items() if path.startswith(f"{name}/")}
            content += _directory(name, inner, start + len(content))
    return content


def _file(name: str, data: bytes, start: int) -> bytes:
    head = _named(name)
    data_at = start + 1 + WIDTH + len(head) + 1 + WIDTH
    payload = head + bytes([DATA]) + _number(len(data), WIDTH + -data_at % ALIGNMENT) + data
    return bytes([FILE]) + _number(len(payload), WIDTH) + payload


def _directory(name: str, files: Mapping[str, bytes], start: int) -> bytes:
    head = _named(name)
    payload = head + _contents(files, start + 1 + WIDTH + len(head))
    return bytes([DIRECTORY]) + _number(len(payload), WIDTH) + payload


def _named(name: str) -> bytes:
    text = name.encode()
    return _number(len(text), 2) + text


def _number(value: int, width: int) -> bytes:
    """Seven bits a byte, highest first; every byte but the last has its highest bit set."""
    groups = [value >> 7 * i & 0x7F for i in range(width)]
    return bytes([0x80 | g for g in groups[:0:-1]] + groups[:1])
