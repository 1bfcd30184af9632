"""SLIP frames (RFC 1055) as Espressif's boot loaders use them: an END before and after each packet."""

from dataclasses import dataclass, field
from typing import Final

END: Final = 0xC0
ESCAPE: Final = 0xDB
ESCAPED: Final = {0xDC: END, 0xDD: ESCAPE}


def slip_encode(packet: bytes) -> bytes:
    """Frame of a packet."""
    body = packet.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
    return bytes([END]) + body + bytes([END])


@dataclass(slots=True)
class SlipDecoder:
    """Cuts a stream of bytes into packets; bytes outside of frames and wrong escapes are dropped."""

    _frame: bytearray | None = None
    _escaped: bool = field(default=False)

    def feed(self, data: bytes) -> list[bytes]:
        """Take in bytes, return the packets that are whole now. An empty frame only opens the next one."""
        packets = []
        for byte in data:
            if byte == END:
                if self._frame:
                    packets.append(bytes(self._frame))
                    self._frame = None
                else:
                    self._frame = bytearray()
                self._escaped = False
            elif self._frame is not None:
                self._take(byte)
        return packets

    def _take(self, byte: int) -> None:
        assert self._frame is not None
        if self._escaped:
            self._escaped = False
            if byte in ESCAPED:
                self._frame.append(ESCAPED[byte])
        elif byte == ESCAPE:
            self._escaped = True
        else:
            self._frame.append(byte)
