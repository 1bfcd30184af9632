"""UF2, the format of images that a board's drive programs: blocks of 512 bytes, each with its address.

Source: USB Flashing Format (UF2), github.com/microsoft/uf2; the RP2040's family number stands there.
"""

import struct
from typing import Final

RP2040: Final = 0xE48BFF56
BLOCK: Final = 256
HEAD: Final = struct.Struct("<8I476sI")
MAGIC: Final = (0x0A324655, 0x9E5D5157, 0x0AB16F30)
HAS_FAMILY: Final = 0x2000


def uf2_image(data: bytes, address: int, family: int = RP2040) -> bytes:
    """The image of bytes that are to lie at an address of flash; the last block is filled up with zeros."""
    blocks = [data[at : at + BLOCK].ljust(BLOCK, b"\0") for at in range(0, len(data), BLOCK)]
    first, second, last = MAGIC
    return b"".join(
        HEAD.pack(first, second, HAS_FAMILY, address + n * BLOCK, BLOCK, n, len(blocks), family, block, last)
        for n, block in enumerate(blocks)
    )
