"""The USART boot loader in the system memory of STM32 chips (ST AN3155): bytes in, bytes out.

Every step of a command is acknowledged with 0x79 or refused with 0x1F, which ends the command. The checks are those
of AN3155: complements of command bytes and short lengths, XOR over everything longer.
"""

from collections.abc import Callable, Generator
from dataclasses import KW_ONLY, dataclass, field
from functools import reduce
from operator import xor
from typing import Final

from .flash_memory import FlashMemory, ProgramError
from .stm32_chips import FLASH_START, Stm32Chip

ACK: Final = b"\x79"
NACK: Final = b"\x1f"
WAKE: Final = 0x7F
SERIAL_NUMBER: Final = bytes(range(0x31, 0x3D))
WRITE_ALIGNMENT: Final = 4
MASS_ERASE: Final = 0xFFFF
SPECIAL_ERASES: Final = 0xFFF0
Steps = Generator[bytes, int, None]
Taking = Generator[bytes, int, bytes]
Handlers = dict[int, Callable[[bytes], Taking]]


@dataclass(slots=True)
class An3155:
    """An STM32 held in its boot loader.

    `refuse` says of each step (each byte of acknowledgement), counted from 0, whether it is refused. With
    `reset_on_open` the port's lines reset the chip, as on boards where DTR is wired to its reset pin. A `protected`
    chip lets nobody read or write (AN3155, 3.11) until it has been erased.
    """

    chip: Stm32Chip
    _: KW_ONLY
    refuse: Callable[[int], bool] = lambda _: False
    reset_on_open: bool = True
    protected: bool = False
    steps: int = 0
    flash: FlashMemory = field(init=False)
    entry: int | None = None
    _loader: Steps = field(init=False)

    def __post_init__(self) -> None:
        self.flash = self.chip.flash()
        self.power_on()

    @property
    def running(self) -> bool:
        """Tell whether it has left the boot loader by GO, for the program at `entry`."""
        return self.entry is not None

    def power_on(self) -> None:
        """Start in the boot loader, which waits to be woken."""
        self.entry = None
        self._loader = self._run()
        next(self._loader)

    def opened(self) -> None:
        """Somebody opens the port."""
        if self.reset_on_open and not self.running:
            self.power_on()

    def receive(self, data: bytes) -> bytes:
        """Take in what the host sent, return what the chip sends. Raises PowerLostError."""
        answer = b""
        for byte in data:
            if self.running:
                break
            answer += self._loader.send(byte)
        return answer

    def _run(self) -> Steps:
        """The boot loader as a generator: it yields what it sends and is sent the next byte."""
        answer = b""
        while (yield answer) != WAKE:
            answer = b""
        answer = self._acknowledge()
        while True:
            command = yield answer
            complement = yield b""
            handler = self._commands().get(command) if command ^ complement == 0xFF else None
            answer = self._acknowledge(handler is not None)
            if handler is not None and answer == ACK:
                answer = yield from handler(answer)

    def _commands(self) -> Handlers:
        reaching: Handlers = {0x11: self._read, 0x21: self._go, 0x31: self._write}
        erasing: Handlers = {0x44: self._extended_erase} if self.chip.extended_erase else {0x43: self._erase}
        always: Handlers = {0x00: self._get, 0x01: self._get_version, 0x02: self._get_id, 0x92: self._unprotect}
        return always if self.protected else {**always, **reaching, **erasing}

    def _acknowledge(self, fine: bool = True) -> bytes:
        number, self.steps = self.steps, self.steps + 1
        return ACK if fine and not self.refuse(number) else NACK

    def _get(self, answer: bytes) -> Taking:
        erase = 0x44 if self.chip.extended_erase else 0x43
        known = bytes([self.chip.version, 0x00, 0x01, 0x02, 0x11, 0x21, 0x31, erase, 0x92])
        return answer + bytes([len(known) - 1]) + known + self._acknowledge()
        yield  # a command that takes no bytes

    def _get_version(self, answer: bytes) -> Taking:
        return answer + bytes([self.chip.version, 0, 0]) + self._acknowledge()
        yield

    def _get_id(self, answer: bytes) -> Taking:
        return answer + b"\x01" + self.chip.product.to_bytes(2, "big") + self._acknowledge()
        yield

    def _read(self, answer: bytes) -> Taking:
        address = yield from self._address(answer)
        if address is None:
            return NACK
        count = yield ACK
        complement = yield b""
        found = self._peek(address, count + 1)
        answer = self._acknowledge(count ^ complement == 0xFF and found is not None)
        return answer + (found or b"") if answer == ACK else answer

    def _go(self, answer: bytes) -> Taking:
        address = yield from self._address(answer)
        if address is None:
            return NACK
        self.entry = address
        return ACK

    def _write(self, answer: bytes) -> Taking:
        address = yield from self._address(answer)
        if address is None:
            return NACK
        count = yield ACK
        body = yield from _take(count + 1, b"")
        checksum = yield b""
        offset = address - FLASH_START
        fine = reduce(xor, body, count) == checksum and len(body) % WRITE_ALIGNMENT == 0
        fine = fine and 0 <= offset <= self.chip.flash_bytes - len(body)
        try:
            if fine:
                self.flash.program(offset, body)
        except ProgramError:
            fine = False
        return self._acknowledge(fine)

    def _erase(self, answer: bytes) -> Taking:
        count = yield answer
        if count == 0xFF:
            complement = yield b""
            return self._erased(range(len(self.flash.sectors)) if complement == 0 else None)
        pages = yield from _take(count + 1, b"")
        checksum = yield b""
        return self._erased(pages if reduce(xor, pages, count) == checksum else None)

    def _extended_erase(self, answer: bytes) -> Taking:
        head = yield from _take(2, answer)
        count = int.from_bytes(head, "big")
        if count >= SPECIAL_ERASES:
            checksum = yield b""
            fine = count == MASS_ERASE and checksum == head[0] ^ head[1]
            return self._erased(range(len(self.flash.sectors)) if fine else None)
        body = yield from _take(2 * count + 2, b"")
        checksum = yield b""
        pages = [int.from_bytes(body[i : i + 2], "big") for i in range(0, len(body), 2)]
        return self._erased(pages if reduce(xor, head + body) == checksum else None)

    def _erased(self, pages: "range | bytes | list[int] | None") -> bytes:
        fine = pages is not None and all(p < len(self.flash.sectors) for p in pages)
        for page in pages or () if fine else ():
            self.flash.erase(page)
        return self._acknowledge(fine)

    def _unprotect(self, answer: bytes) -> Taking:
        """Erases everything, lifts the protection, resets."""
        self.flash.erase_all()
        self.protected = False
        done = answer + self._acknowledge()
        while (yield done) != WAKE:
            done = b""
        return self._acknowledge()

    def _address(self, answer: bytes) -> Generator[bytes, int, int | None]:
        """Take an address with its checksum; None where that is wrong, or nothing can be there."""
        given = yield from _take(5, answer)
        address = int.from_bytes(given[:4], "big")
        return address if self._acknowledge(reduce(xor, given) == 0 and self._known(address)) == ACK else None

    def _known(self, address: int) -> bool:
        low, high = self.chip.system
        return low <= address < high or 0 <= address - FLASH_START < self.chip.flash_bytes

    def _peek(self, address: int, count: int) -> bytes | None:
        """Bytes of the flash, or of the system memory with the flash's size and the chip's number in it."""
        offset = address - FLASH_START
        if 0 <= offset <= self.chip.flash_bytes - count:
            return bytes(self.flash.data[offset : offset + count])
        low, high = self.chip.system
        if not low <= address <= high - count:
            return None
        size = (self.chip.flash_bytes // 1024).to_bytes(2, "little")
        fields = {self.chip.size_register: size, self.chip.identity: SERIAL_NUMBER}
        known = {start + i: byte for start, content in fields.items() for i, byte in enumerate(content)}
        return bytes(known.get(address + i, 0xFF) for i in range(count))


def _take(count: int, answer: bytes) -> Taking:
    """Send an answer and take the next `count` bytes."""
    taken = bytearray()
    for _ in range(count):
        taken.append((yield answer))
        answer = b""
    return bytes(taken)
