"""Projects of frameworks: their C compiles strictly for every core that they are for."""

from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.targets.boards import FREESTANDING
from tests.support.frameworks import compile_strictly

NO_LIBC: Final = FREESTANDING
FREE: Final = ("-O2", "-ffreestanding", f"-I{NO_LIBC}")
COMPILERS: Final = {
    "riscv": ("riscv64-unknown-elf-gcc", "-march=rv32imc", "-mabi=ilp32", *FREE),
    "xtensa": ("xtensa-lx106-elf-gcc", *FREE),
    "arm": ("arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", *FREE),
}


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("kind", ["esp-idf", "zephyr"])
def test_the_c_of_a_project_compiles_strictly_for_its_core(kind: str, compiler: str, tmp_path: Path) -> None:
    compile_strictly(kind, COMPILERS[compiler], tmp_path)
