"""`export --ram-code`: the network's code lies in RAM, is counted there, and computes the same."""

import functools
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.errors import DoesNotFitError, InputError, ToolError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.targets.boards import Board, bare_core, board
from depthwise.host.build import ImageSizes, build
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from tests.support.kept import scratch
from tests.support.projects import skip_without_tools
from tests.support.verified import verified

PLACED = Placement(ram_code=True)
# A core of each way to call over a long distance, one of them as a Debug build; a RAM apart stands in for ITCM.
ITCM = replace(board("mps2-m7"), code_ram_start=0x60000000, code_ram_bytes=65536)
BOARDS = {name: board(name) for name in ("mps2-m0plus", "mps2-m4", "rv32-virt", "xtensa-lx")} | {"ITCM": ITCM}
DEBUG = "mps2-m4"


def placed(folder: Path, chosen: Board) -> Project:
    export(MODEL, folder, ExportOptions(board=chosen, placement=PLACED, trace=True))
    return replace(open_project(folder), board=chosen)


def addresses(project: Project) -> dict[str, int]:
    """Where functions lie that are the network's or the library's, but for those that an application calls."""
    command = [f"{project.board.toolchain}nm", str(project.firmware)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    found = {row[2]: int(row[0], 16) for row in rows if len(row) == 3 and row[1] == "t"}
    ours = ("digits_layer", "digits_run_step", "digits_advance", "digits_window", "dw_dot", "dw_row", "dw_fours")
    return {name: at for name, at in found.items() if name.startswith(ours)}


@functools.cache
def made(name: str) -> tuple[Project, ImageSizes]:
    """A project of BOARDS, built, in a folder of its own."""
    skip_without_tools(BOARDS[name])
    project = placed(scratch() / "p", BOARDS[name])
    make = project.folder / "Makefile"
    make.write_text(make.read_text().replace(" -O2 ", " -O0 " if name == DEBUG else " -O2 "))
    return project, build(project)


@pytest.mark.parametrize("name", BOARDS)
def test_functions_are_in_ram_and_every_tensor_is_equal(name: str) -> None:
    project, sizes = made(name)
    chosen = project.board
    start, size = chosen.code_ram_start or chosen.ram_start, chosen.code_ram_bytes or chosen.ram_bytes
    found = addresses(project)
    assert len(found) > 3
    assert {n: hex(at) for n, at in found.items() if not start <= at < start + size} == {}
    code = 0 if chosen.code_ram_bytes else sizes.ram_code_bytes
    assert sizes.ram_code_bytes > 512
    assert sizes.library_ram_bytes == project.manifest["ram_bytes"] + code
    assert verified(project, count=1).equal


def test_what_is_certain_to_be_missing_is_told_at_the_export_and_the_rest_by_the_linker(tmp_path: Path) -> None:
    chosen = board("netduinoplus2")
    with pytest.raises(DoesNotFitError) as caught:
        placed(tmp_path / "p", replace(chosen, ram_bytes=1))
    told = re.search(r"needs ([\d,]+) bytes of RAM .* at least 512 for its code, .* has 1$", caught.value.message)
    assert told is not None
    least = replace(chosen, ram_bytes=int(told[1].replace(",", "")))
    with pytest.raises(DoesNotFitError, match=r"leave --ram-code away"):
        placed(tmp_path / "p", replace(least, ram_bytes=least.ram_bytes - 1))
    project = placed(tmp_path / "p", least)
    with pytest.raises(DoesNotFitError, match=rf"[\d,]+ bytes too long for the RAM .* {least.ram_bytes:,} of RAM\)"):
        build(project)


def test_a_script_of_the_boards_own_that_knows_nothing_of_it_is_told(tmp_path: Path) -> None:
    project, _ = made("mps2-m0plus")
    shutil.copytree(project.folder, tmp_path / "p")
    script = tmp_path / "p" / "board" / "bare.ld"
    script.write_text(script.read_text().replace("*(.ram_code*)", ""))
    with pytest.raises(ToolError, match=r"puts [\d,]+ bytes of \.ram_code at 0x0\w+, which is no RAM of mps2-m0plus"):
        build(replace(project, folder=tmp_path / "p"))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("micropython", "--ram-code is not for projects of kind micropython: a native module's code is in RAM already"),
        ("library", "compile it with -DDW_RAM_SECTION="),
        ("arduino", "its linker script is yours"),
    ],
)
def test_where_nothing_can_place_it_it_is_refused(tmp_path: Path, kind: str, said: str) -> None:
    chosen = bare_core("cortex-m4") if kind != "arduino" else board("nucleo-f446re")
    with pytest.raises(InputError) as caught:
        export(MODEL, tmp_path / "p", ExportOptions(board=chosen, placement=PLACED, project=kind))
    assert said in f"{caught.value} {caught.value.hint}"
