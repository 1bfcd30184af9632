"""What a board's camera takes, and how a row of it is asked for (docs/reference/protocol.md, "Pictures")."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from depthwise.codegen.errors import LinkError

MOST_ROW: Final = 65_535
MOST_BYTES: Final = 1 << 26
_FORMAT: Final = struct.Struct("<HHHB")


class PixelType(IntEnum):
    """What the values of a picture are."""

    UINT8 = 0
    INT8 = 1
    INT16 = 2
    FLOAT32 = 3

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """The same as numpy has it, little-endian."""
        return np.dtype(self.name.lower()).newbyteorder("<")


@dataclass(frozen=True, slots=True)
class CameraFormat:
    """Pictures [height, width, channels] of a type."""

    height: int
    width: int
    channels: int
    type: PixelType

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width, channels."""
        return self.height, self.width, self.channels

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return self.width * self.channels * self.type.dtype.itemsize

    @property
    def is_image(self) -> bool:
        """Tell whether it is gray or RGB pixels."""
        return self.type is PixelType.UINT8 and self.channels in {1, 3}


def parse_format(body: bytes) -> CameraFormat:
    """Parse the answer to CAMERA. Raises LinkError for a short one, an unknown type, or sizes that no camera has."""
    if len(body) != _FORMAT.size:
        raise LinkError(f"the board describes its camera in {len(body)} bytes, {_FORMAT.size} were expected")
    height, width, channels, kind = _FORMAT.unpack(body)
    if kind not in set(PixelType):
        raise LinkError(
            f"the board's camera has values of type {kind}, 0 to {max(PixelType)} are known", "see camera.h"
        )
    found = CameraFormat(height, width, channels, PixelType(kind))
    if not 0 < found.row_bytes <= MOST_ROW or not 0 < height * found.row_bytes <= MOST_BYTES:
        raise LinkError(
            f"the board's camera has pictures of {height}x{width}x{channels}, a row must be 1 to {MOST_ROW:,} bytes",
            "see what dw_camera_format gives",
        )
    return found


def row_parts(row: int, row_bytes: int, most: int) -> Iterator[bytes]:
    """Bodies of the requests for a row, in pieces of at most `most` bytes."""
    for first in range(0, row_bytes, most):
        yield b"".join(n.to_bytes(2, "little") for n in (row, first, min(most, row_bytes - first)))
