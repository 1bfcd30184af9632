"""Every file of a project says whose it is, and nothing that it includes is missing or superfluous."""

import re
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.notice import LINES
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.project_files import FIRMWARE
from depthwise.codegen.project.project_kinds import KINDS, kinds_of
from depthwise.codegen.targets.boards import board, boards
from depthwise.host.demo import MODEL
from tests.support.places import ROOT

BOARD_OF: Final = {"host": "host", "bare": "rv32-virt", "stm32": "nucleo-f446re"}
SILENT: Final = {"manifest.json", "library.json", "model.tflite", "build_opt.h", "LICENSE", "digits.weights"}
SOURCES: Final = {".c", ".h", ".S", ".cpp", ".ld"}
OURS: Final = "/* SPDX-License-Identifier: Apache-2.0 */"
QUOTED: Final = re.compile(r'^#include "([\w.]+)"', re.MULTILINE)
ANY: Final = re.compile(r'^#include ["<]([\w./]+)[">]', re.MULTILINE)
CODE: Final = {".c", ".h", ".cpp", ".ino"}
OWN_KINDS: Final = [(b.name, b.project) for b in boards().values()]
FRAMEWORKS: Final = kinds_of(board("esp32-devkitc"))


def exported(folder: Path, board_name: str, kind: str, *, options: bool = False) -> list[Path]:
    export(MODEL, folder, ExportOptions(board=board(board_name), project=kind, trace=options, context=options))
    return sorted(p for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_says_whose_it_is(kind: str, tmp_path: Path) -> None:
    firmware = {p.read_bytes() for p in FIRMWARE.rglob("*") if p.suffix in SOURCES}
    for file in exported(tmp_path / "p", BOARD_OF.get(kind, "esp32-devkitc"), kind, options=True):
        if file.name in SILENT:
            continue
        lines = file.read_text().splitlines()
        if file.read_bytes() in firmware:
            assert lines[0] == OURS, file
            assert (file.parent / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
        else:
            for said, line in zip(LINES, lines, strict=False):
                assert re.fullmatch(rf"(?:/\* |# |; ){re.escape(said)}(?: \*/)?", line), file


def test_every_source_of_the_firmware_says_whose_it_is() -> None:
    for file in (p for p in FIRMWARE.rglob("*") if p.suffix in SOURCES):
        assert file.read_text().startswith(f"{OURS}\n"), file


def test_the_licence_that_ships_is_the_projects() -> None:
    assert (FIRMWARE / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.parametrize(("board_name", "kind"), [*OWN_KINDS, *(("esp32-devkitc", k) for k in FRAMEWORKS)])
def test_headers_are_all_there_and_each_is_needed(board_name: str, kind: str, tmp_path: Path) -> None:
    texts = {p: p.read_text() for p in exported(tmp_path / "p", board_name, kind) if p.suffix in CODE}
    there = {p.name for p in texts}
    missing = {(p.name, name) for p, text in texts.items() for name in QUOTED.findall(text) if name not in there}
    assert missing == set()
    asked = {Path(name).name for text in texts.values() for name in ANY.findall(text)}
    assert {name for name in there if name.endswith(".h")} - asked <= {"dw_wide.h", "build_opt.h"}


def test_a_nucleo_f446_gets_no_header_of_another_chip(tmp_path: Path) -> None:
    files = exported(tmp_path / "p", "nucleo-f446re", "stm32")
    headers = {p.name for p in files if p.parent.name == "board" and p.suffix == ".h"}
    assert headers == {"cortex_m.h", "ring.h", "start.h", "stm32.h", "stm32_rcc.h", "stm32f2f4.h"}
