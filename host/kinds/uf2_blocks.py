"""UF2, the format of images that a board's drive programs: blocks of 512 bytes, each with its address.

Source: USB Flashing Format (UF2), github.com/microsoft/uf2; the chips' family numbers stand there.
"""

import struct
from typing import Final

from depthwise.codegen.errors import InputError

# By the drive that a boot ROM shows; of the RP2350 that of images for its Cortex-M33 in Secure state.
FAMILIES: Final = {"RPI-RP2": 0xE48BFF56, "RP2350": 0xE48BFF59}
BLOCK: Final = 256
HEAD: Final = struct.Struct("<8I476sI")
MAGIC: Final = (0x0A324655, 0x9E5D5157, 0x0AB16F30)
HAS_FAMILY: Final = 0x2000


def uf2_image(data: bytes, address: int, drive: str) -> bytes:
    """The image of bytes that are to lie at an address of flash, for a drive; the last block is filled with zeros.

    Raises InputError for a drive of no known chip.
    """
    if drive not in FAMILIES:
        raise InputError(f"no chip is known whose drive is called {drive}", f"one of {', '.join(FAMILIES)} is")
    blocks = [data[at : at + BLOCK].ljust(BLOCK, b"\0") for at in range(0, len(data), BLOCK)]
    first, second, last = MAGIC
    return b"".join(
        HEAD.pack(first, second, HAS_FAMILY, address + n * BLOCK, BLOCK, n, len(blocks), FAMILIES[drive], block, last)
        for n, block in enumerate(blocks)
    )
