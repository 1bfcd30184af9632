"""The headers of the binary interface say what MicroPython's documents say, for compilers of four cores."""

from pathlib import Path

import pytest

from depthwise.host.build.mpy.build_module import ABI
from tests.support.mpy_abi import check_abi


@pytest.mark.parametrize(
    "compiler",
    [
        "gcc",
        "arm-none-eabi-gcc -mthumb -mcpu=cortex-m0",
        "riscv64-unknown-elf-gcc -march=rv32imc -mabi=ilp32 -ffreestanding",
        "xtensa-lx106-elf-gcc -ffreestanding",
    ],
)
def test_types_and_the_table_of_functions_lie_where_micropython_has_them(compiler: str, tmp_path: Path) -> None:
    check_abi(compiler.split(), ABI, tmp_path)
