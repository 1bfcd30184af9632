"""Which of the modules that were linked a board takes."""

import pytest

from depthwise.codegen.errors import (
    ProjectError,
)
from depthwise.host.build.natmod import build_natmods
from depthwise.host.micropython.firmware import NAMES, Firmware, pick
from tests.support.natmods import exported


def firmware(arch: str, version: int = 6, sub_version: int = 3, machine: str = "") -> Firmware:
    return Firmware(
        "micropython", "1.29.0", machine, mpy_version=version, mpy_sub_version=sub_version, number=NAMES.index(arch)
    )


def test_a_board_takes_modules_that_its_core_runs() -> None:
    project = exported("armv6m", labels=("b",) * 10)
    build_natmods(project, ("armv6m", "armv7m", "armv7emsp", "rv32imc"))
    found = {arch: pick(project, firmware(arch)).native.arch for arch in ("armv6m", "armv7em", "armv7emdp", "rv32imc")}
    assert found == {"armv6m": "armv6m", "armv7em": "armv7m", "armv7emdp": "armv7emsp", "rv32imc": "rv32imc"}
    assert [firmware(a).wanted for a in ("armv7emdp", "xtensawin", "x86", "")] == ["armv7emsp", "xtensawin", "", ""]
    for other, hint in (
        (firmware("xtensawin"), "--arch xtensawin"),
        (firmware(""), "build it into the firmware"),
        (firmware("xtensawin", machine="ESP32S2 module with ESP32S2"), "build it into the firmware"),
        (firmware("armv6m", sub_version=2), "MicroPython release"),
    ):
        with pytest.raises(ProjectError, match="which loads") as caught:
            pick(project, other)
        assert hint in caught.value.hint
