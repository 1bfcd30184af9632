"""Where MPY_DIR names a MicroPython tree: its headers, its linker and its firmware on QEMU agree with ours."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.mpy_abi import check_abi
from tests.support.mpy_sample import CALLS, FOLDER, build_sample
from tests.support.mpy_tree import BOARDS, IMPORT, TREE, repl
from tests.support.mpy_unix import STEP, run

SCRIPT = "import gc\nmade = []\n" + "".join(STEP.format(step=call.python()) for call in CALLS)
PRINTED = [call.printed for call in CALLS]

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
