"""A MicroPython tree named by MPY_DIR, and its firmware on QEMU."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from mpremote.transport_serial import SerialTransport

from depthwise.codegen.targets.boards import Emulator, board
from depthwise.host.emulate.qemu import virtual_board

TREE = Path(os.environ.get("MPY_DIR", "/nowhere"))
BOARDS = {
    "armv6m": ("MICROBIT", "qemu-system-arm", "microbit"),
    "armv7m": ("MPS2_AN385", "qemu-system-arm", "mps2-an385"),
    "armv7emsp": ("MPS2_AN500", "qemu-system-arm", "mps2-an500"),
    "rv32imc": ("VIRT_RV32", "qemu-system-riscv32", "virt"),
}
ARGUMENTS = {
    "armv6m": ("-global", "nrf51-soc.flash-size=1048576", "-global", "nrf51-soc.sram-size=262144"),
    "rv32imc": ("-bios", "none", "-cpu", "rv32"),
}
IMPORT = """
import io, sys, vfs
class File(io.IOBase):
    at = 0
    def ioctl(self, request, argument):
        return 0 if request == 4 else -1
    def readinto(self, buffer):
        part = bytes(data[self.at:self.at + len(buffer)])
        buffer[:len(part)] = part
        self.at += len(part)
        return len(part)
class Files:
    def mount(self, readonly, mkfs):
        pass
    def stat(self, path):
        if path != "/sample.mpy":
            raise OSError(2)
        return (0x8000,) + (0,) * 9
    def open(self, path, mode):
        return File()
vfs.mount(Files(), "/ram")
sys.path.insert(0, "/ram")
import sample as m
"""


@contextmanager
def repl(arch: str) -> Iterator[SerialTransport]:
    name, system, machine = BOARDS[arch]
    image = TREE / "ports" / "qemu" / f"build-{name}" / "firmware.elf"
    if not image.exists():
        pytest.skip(f"no firmware {image}: make -C {image.parent.parent} BOARD={name}")
    known = replace(board("mps2-m3"), emulator=Emulator(system, machine, ("-semihosting", *ARGUMENTS.get(arch, ()))))
    with virtual_board(image, known) as url:
        transport = SerialTransport(url)
        transport.enter_raw_repl(soft_reset=False)
        yield transport
        transport.close()
