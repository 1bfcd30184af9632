"""MicroPython's architectures: names, and what compiles for them."""

from pathlib import Path

import pytest

from depthwise.codegen.errors import InputError, ToolError
from depthwise.host.build.mpy.build_module import Sources, build_module
from depthwise.host.build.mpy.native_archs import arch_named
from depthwise.host.compilers import LLVM, stand_in


def test_an_unknown_architecture_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"'avr'.*x64.* and rv32imc"):
        arch_named("avr")


@pytest.mark.parametrize("missing", ["xtensa-esp32-elf-gcc", *LLVM])
def test_llvm_compiles_windowed_code_where_all_of_it_is_there_and_gcc_is_not(missing: str) -> None:
    found = stand_in("xtensa-esp32-elf-", lambda name: None if name == missing else name, lambda _: True)
    gcc_is_missing = missing not in LLVM
    assert (found is not None) == gcc_is_missing
    assert found is None or (found.name == "clang-22" and found.gcc[0] == "sh" and Path(found.gcc[1]).is_file())


def test_without_a_compiler_both_ways_to_one_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="xtensa-esp32-elf-gcc, the compiler for xtensawin, is not installed") as caught:
        build_module(Sources("m", ()), arch_named("xtensawin"), tmp_path)
    assert caught.value.hint.startswith("install ESP-IDF")
    assert caught.value.hint.endswith("or apt install clang-22 llvm-22")
