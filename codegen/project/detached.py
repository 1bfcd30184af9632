"""What a MicroPython project has beside the network's C: its weights file, and what its templates see."""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.emit.views import NetworkView

from .manifest import Manifest

MAGIC: Final = b"DWWT"
WEIGHTS_VERSION: Final = 1
HEADER: Final = struct.Struct("<4sHHII32s")


@dataclass(frozen=True, slots=True)
class WeightsView:
    """The constants of a module, apart from its code.

    `buffer_bytes` is what a buffer for one stretch of them has to hold: a file's header goes through it too.
    `words` are the weights file as uint32, `sha256` lines of bytes of the model's hash, all as C.
    """

    crc: str
    buffer_bytes: int
    words: tuple[str, ...]
    sha256: tuple[str, ...]


def weights_file(net: NetworkView) -> bytes:
    """The weights file of a network with detached constants: a header (firmware/micropython/dw_open.h), the blob."""
    assert net.blob is not None
    content = net.blob.content
    sizes = (WEIGHTS_VERSION, HEADER.size, len(content), zlib.crc32(content))
    return HEADER.pack(MAGIC, *sizes, bytes.fromhex(net.model_sha256)) + content


def weights_view(net: NetworkView) -> WeightsView:
    """What templates say of the weights of a network with detached constants."""
    file, sha256 = weights_file(net), bytes.fromhex(net.model_sha256)
    return WeightsView(
        crc=f"0x{zlib.crc32(file[HEADER.size :]):08x}u",
        buffer_bytes=max(net.longest_stretch, HEADER.size),
        words=tuple(f"0x{word:08x}u" for (word,) in struct.iter_unpack("<I", file)),
        sha256=tuple(", ".join(f"0x{byte:02x}" for byte in sha256[i : i + 16]) for i in range(0, len(sha256), 16)),
    )


def detached_manifest(net: NetworkView, arch: str | None) -> Manifest:
    """What the manifest says more of a module: its architecture, and the constants apart from its code."""
    return {
        "arch": arch,
        "constant_bytes": net.detached_bytes,
        "stretches": [{"offset": s.offset, "bytes": s.size} for s in net.stretches],
        "longest_stretch_bytes": net.longest_stretch,
        "buffer_bytes": weights_view(net).buffer_bytes,
    }
