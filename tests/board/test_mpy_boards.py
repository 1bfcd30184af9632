"""Linked modules do on each architecture what they do everywhere: a loader of the tests' own runs them on QEMU."""

from pathlib import Path

import pytest

from tests.support.mpy_sample import BOARDS, CALLS, build_sample, run_module
from tests.support.projects import skip_without_tools

PRINTED = ["ready", *(call.printed for call in CALLS), "end"]


@pytest.mark.parametrize("flags", ["-Os", "-O2", "-O3"])
@pytest.mark.parametrize("arch", ["armv6m", "armv7m", "armv7emsp", "rv32imc", "xtensa"])
def test_a_module_does_on_a_board_what_it_does_everywhere(arch: str, flags: str, tmp_path: Path) -> None:
    module = build_sample(arch, tmp_path, (flags,))
    assert run_module(module.path.read_bytes(), arch, tmp_path) == PRINTED


def test_constants_in_a_block_of_their_own_do_as_well(tmp_path: Path) -> None:
    """Windowed code, whose memory cannot be read by bytes: loaded at a word's boundary, as on an ESP32."""
    skip_without_tools(BOARDS["xtensawin"])
    module = build_sample("xtensawin", tmp_path, ("-Os",))
    assert module.rodata_bytes > 100
    assert run_module(module.path.read_bytes(), "xtensawin", tmp_path) == PRINTED
