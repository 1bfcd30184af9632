"""COBS frames with a CRC-32, a zero byte behind each (docs/reference/protocol.md, "Frames")."""

import zlib


def cobs_encode(data: bytes) -> bytes:
    r"""Encode so that no byte is zero: each run of up to 254 non-zero bytes, its length + 1 in front.

    >>> cobs_encode(b"a\0b").hex()
    '02610262'
    """
    encoded = bytearray()
    for run in data.split(b"\0"):
        full = len(run) // 254
        for i in range(full):
            encoded += b"\xff" + run[254 * i : 254 * (i + 1)]
        rest = run[254 * full :]
        encoded += bytes([len(rest) + 1]) + rest
    return bytes(encoded)


def cobs_decode(encoded: bytes) -> bytes | None:
    r"""Undo cobs_encode; None if the code is broken.

    >>> cobs_decode(cobs_encode(b"a\0b"))
    b'a\x00b'
    """
    data = bytearray()
    position = 0
    while position < len(encoded):
        code = encoded[position]
        run = encoded[position + 1 : position + code]
        if code == 0 or len(run) != code - 1 or 0 in run:
            return None
        data += run
        position += code
        if code < 255 and position < len(encoded):
            data.append(0)
    return bytes(data)


def frame(payload: bytes) -> bytes:
    """Payload as it goes over the line, with its checksum and the zero byte that ends it."""
    return cobs_encode(payload + zlib.crc32(payload).to_bytes(4, "little")) + b"\0"


def unframe(encoded: bytes) -> bytes | None:
    """Payload of what stood before a zero byte; None if it is damaged."""
    data = cobs_decode(encoded)
    if data is None or len(data) < 5 or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        return None
    return data[:-4]
