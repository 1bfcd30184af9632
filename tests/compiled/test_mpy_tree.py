"""Where MPY_DIR names a MicroPython tree: its headers, its linker and its firmware on QEMU agree with ours."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from mpremote.transport_serial import SerialTransport

from depthwise.codegen.targets.boards import Emulator, board
from depthwise.host.emulate.qemu import virtual_board
from tests.compiled.test_mpy_abi import check_abi
from tests.compiled.test_mpy_unix import STEP, run
from tests.support.mpy_sample import CALLS, FOLDER, build_sample

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
SCRIPT = "import gc\nmade = []\n" + "".join(STEP.format(step=call.python()) for call in CALLS)
PRINTED = [call.printed for call in CALLS]
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

pytestmark = pytest.mark.skipif(not (TREE / "py").is_dir(), reason="no MicroPython tree: give its folder as MPY_DIR")


@pytest.mark.parametrize("compiler", ["gcc", "arm-none-eabi-gcc -mthumb -mcpu=cortex-m0"])
def test_our_headers_and_theirs_have_the_same_layout(compiler: str, tmp_path: Path) -> None:
    check_abi(compiler.split(), TREE, tmp_path)


def linked_by_micropython(arch: str, folder: Path) -> Path:
    for name in ("sample.c", "parts.c", "wide.c", "sample.h"):
        shutil.copy(FOLDER / name, folder / name)
    rules = ("MOD = sample", "SRC = sample.c parts.c wide.c", f"ARCH = {arch}", "include $(MPY_DIR)/py/dynruntime.mk")
    (folder / "Makefile").write_text("\n".join((f"MPY_DIR = {TREE}", *rules, "")))
    found = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["make", "-s"], cwd=folder, env=found, check=True, capture_output=True)
    return folder / "sample.mpy"


def test_micropythons_own_linker_gives_a_module_that_behaves_alike(tmp_path: Path) -> None:
    linked_by_micropython("x64", tmp_path)
    assert run(f"import sample as m\n{SCRIPT}", tmp_path) == PRINTED


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


@pytest.mark.board
@pytest.mark.parametrize("linker", ["ours", "theirs"])
@pytest.mark.parametrize("arch", BOARDS)
def test_a_module_does_in_micropython_on_qemu_what_it_does_everywhere(arch: str, linker: str, tmp_path: Path) -> None:
    if linker == "theirs" and arch == "armv6m":
        pytest.skip("MicroPython's makefile leaves jump tables to libgcc on armv6m, and links none")
    path = build_sample(arch, tmp_path).path if linker == "ours" else linked_by_micropython(arch, tmp_path)
    module = path.read_bytes()
    with repl(arch) as transport:
        transport.exec("data = bytearray()")
        for start in range(0, len(module), 256):
            transport.exec(f"data += {module[start : start + 256]!r}")
        transport.exec(IMPORT)
        printed = transport.exec(SCRIPT).decode()
    assert printed.splitlines() == PRINTED
