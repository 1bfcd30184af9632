"""Writes the image of a native module as an .mpy file.

Source: docs/reference/mpyfiles.rst and py/persistentcode.c in MicroPython's tree (mp_raw_code_load, load_raw_code,
mp_native_relocate). A vuint has 7 bits a byte, the most significant first, bit 7 set in all but the last.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from .abi import (
    BSS,
    END_OF_RELOCATIONS,
    FLAG_BSS,
    FLAG_RELOCATIONS,
    FLAG_RODATA,
    KIND_VIPER,
    SMALL_INT_BITS,
    SUB_VERSION,
    VERSION,
)
from .linker_values import Fixup, Image
from .native_archs import NativeArch


def write_module(image: Image, arch: NativeArch, file_name: str, names: Sequence[str]) -> bytes:
    """Bytes of an .mpy file. Name number i + 1 of its table of names is `names[i]`, number 0 the file's own name."""
    flags = FLAG_RELOCATIONS | (FLAG_RODATA if image.rodata else 0) | (FLAG_BSS if image.bss_bytes else 0)
    sizes = [vuint(size) for size in (len(image.rodata), image.bss_bytes) if size]
    return b"".join(
        (
            bytes((ord("M"), VERSION, arch.number << 2 | SUB_VERSION, SMALL_INT_BITS)),
            *(vuint(1 + len(names)), vuint(0)),
            *map(_name, (file_name, *names)),
            *(vuint(len(image.text) << 3 | KIND_VIPER), image.text),
            *(vuint(flags), *sizes, image.rodata),
            *(_run(run) for run in _runs(image.fixups)),
            bytes((END_OF_RELOCATIONS,)),
        )
    )


def vuint(value: int) -> bytes:
    """Number in as few bytes as it needs.

    >>> vuint(300).hex()
    '822c'
    """
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def _name(text: str) -> bytes:
    """Length with bit 0 clear (a name that the file spells), the name, a zero."""
    data = text.encode()
    return vuint(len(data) << 1) + data + b"\0"


def _runs(fixups: Sequence[Fixup]) -> Iterator[tuple[Fixup, int, bool]]:
    """Fixups of neighbouring words to one destination, how many, and whether they go on where the last ones ended."""
    after: tuple[int, int] | None = None
    for _, group in groupby(
        enumerate(fixups), lambda item: (item[1].base, item[1].word - item[0], item[1].destination)
    ):
        run = [fixup for _, fixup in group]
        for first, count in [(run[0], len(run))] if run[0].destination <= BSS else [(f, 1) for f in run]:
            yield first, count, after == (first.base, first.word)
            after = (first.base, first.word + count)


def _run(run: tuple[Fixup, int, bool]) -> bytes:
    """Operation: destination and, in bit 0, whether a place follows; blocks have a count, told by bit 1, besides."""
    fixup, count, goes_on = run
    destination = fixup.destination << 1 | (count > 1) if fixup.destination <= BSS else fixup.destination
    place = b"" if goes_on else vuint(fixup.word << 1 | fixup.base)
    return bytes((destination << 1 | (not goes_on),)) + place + (vuint(count) if count > 1 else b"")
