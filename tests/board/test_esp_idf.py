"""Projects for ESP-IDF in the hands of the real one: configured by its CMake, compiled by its commands."""

import shutil
from pathlib import Path

import pytest

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from depthwise.host.project import open_project
from tests.support.esp_idf import CHIPS, complaints, configure, idf_path, target_of

BOARDS = ("esp32-devkitc", "esp32-s3-devkitc-1", "esp32-c3-devkitm-1", "esp32-c6-devkitc-1")


@pytest.mark.parametrize("name", BOARDS)
def test_a_project_is_configured_by_esp_idf_and_its_files_compile_with_its_commands(name: str, tmp_path: Path) -> None:
    idf = idf_path()
    if idf is None:
        pytest.skip("no ESP-IDF (a checkout, named by IDF_PATH)")
    export(MODEL, tmp_path / "p", ExportOptions(board=board(name), project="esp-idf", trace=True))
    project = open_project(tmp_path / "p")
    compiler = CHIPS[target_of(project)].compiler[0]
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler}")
    configure(project, idf, tmp_path / "build")
    found = complaints(project, tmp_path / "build")
    assert {"main/board.c", "main/main.c", "components/digits/digits.c"} <= set(found)
    assert not {file: said for file, said in found.items() if said}
