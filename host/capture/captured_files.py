"""A captured picture as a file: PNG of gray or RGB pixels, .npy of anything else; and its shape read back."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from depthwise.host.link import CameraFormat, PixelType

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
IMAGE, ARRAY = ".png", ".npy"
COLOURS: Final = {1: 0, 3: 2}  # colour types of PNG by channels
_HEADER: Final = struct.Struct(">IIBBBBB")


def suffix_of(camera: CameraFormat) -> str:
    """The end of the name of a file of such pictures."""
    return IMAGE if camera.is_image else ARRAY


def file_of(camera: CameraFormat, data: bytes) -> bytes:
    """Bytes of the file of a picture, by its rows as the board sends them."""
    values = np.frombuffer(data, camera.type.dtype).reshape(camera.shape)
    return _png(values) if camera.is_image else _npy(values.reshape(array_shape(camera)), camera.type)


def array_shape(camera: CameraFormat) -> tuple[int, ...]:
    """Shape of an array in a file: a picture of height and width 1 is a vector."""
    return camera.shape[2:] if camera.shape[:2] == (1, 1) else camera.shape


def shape_in(path: Path) -> tuple[int, ...]:
    """Shape of what a file of ours holds; empty if it is damaged, or of another program."""
    try:
        with path.open("rb") as file:
            if path.suffix == ARRAY:
                version = npy.read_magic(file)
                read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
                return tuple(read(file)[0])
            head = file.read(len(SIGNATURE) + 8 + _HEADER.size)
        width, height, _, colour, *_ = _HEADER.unpack(head[len(SIGNATURE) + 8 :])
        return height, width, {kind: channels for channels, kind in COLOURS.items()}[colour]
    except (OSError, ValueError, KeyError, struct.error):
        return ()


def _npy(values: NDArray[np.generic], kind: PixelType) -> bytes:
    """Pixels as they are, other values in float32, as the quantizer takes them."""
    file = BytesIO()
    npy.write_array(file, values if kind is PixelType.UINT8 else values.astype("<f4"), allow_pickle=False)
    return file.getvalue()


def _png(pixels: NDArray[np.generic]) -> bytes:
    """A PNG of 8 bits [H, W, 1 or 3], every row unfiltered (PNG, third edition, 9 and 11.2)."""
    height, width, channels = pixels.shape
    header = _HEADER.pack(width, height, 8, COLOURS[channels], 0, 0, 0)
    rows = np.pad(pixels.reshape(height, -1), ((0, 0), (1, 0)))
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
