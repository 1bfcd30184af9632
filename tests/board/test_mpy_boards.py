"""Linked modules do on each architecture what they do everywhere: a loader of the tests' own runs them on QEMU."""

from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.host.build.mpy.build_module import Sources, build_module
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS
from tests.support.mpy_sample import BOARDS, CALLS, FILES, STRICT, build_sample, run_module

PRINTED = ["ready", *(call.printed for call in CALLS), "end"]


@pytest.mark.parametrize("flags", ["-Os", "-O2", "-O3"])
@pytest.mark.parametrize("arch", [*BOARDS, "xtensa"])
def test_a_module_does_on_a_board_what_it_does_everywhere(arch: str, flags: str, tmp_path: Path) -> None:
    module = build_sample(arch, tmp_path, (flags,))
    assert run_module(module.path.read_bytes(), arch, tmp_path) == PRINTED


def test_constants_in_a_block_of_their_own_do_as_well(tmp_path: Path) -> None:
    """For xtensawin; its windowed compiler is not to be had, so code of the other Xtensa cores stands in for it."""
    arch = replace(NATIVE_ARCHS["xtensawin"], prefix=NATIVE_ARCHS["xtensa"].prefix)
    module = build_module(Sources("sample", FILES, flags=(*STRICT, "-Os")), arch, tmp_path)
    assert module.rodata_bytes > 100
    assert run_module(module.path.read_bytes(), "xtensa", tmp_path) == PRINTED
