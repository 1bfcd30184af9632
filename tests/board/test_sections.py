"""Sections of an image are what binutils say of it."""

import subprocess

import pytest

from depthwise.codegen.targets.boards import boards
from depthwise.host.build import measure
from depthwise.host.build.elf import sections
from tests.support.projects import built


@pytest.mark.parametrize("board_name", ["host", "netduino2-20k", "rv32-virt"])
def test_sections_are_what_binutils_say(board_name: str) -> None:
    project = built(board_name)
    size = f"{boards()[board_name].toolchain}size"
    for name in ("build/firmware.elf", "build/network/digits.o"):
        path = project.folder / name
        told = subprocess.run([size, "-A", path], check=True, capture_output=True, text=True).stdout
        rows = [line.split() for line in told.splitlines() if line.startswith(".")]
        sizes = {row[0]: int(row[1]) for row in rows}
        ours = {s.name: s.size for s in sections(path)}
        assert ours.items() <= sizes.items()
        assert {n for n in sizes if n.split(".")[1] in {"text", "data", "rodata", "bss"}} <= ours.keys()
    assert measure(project).library_ram_bytes == project.manifest["ram_bytes"]
