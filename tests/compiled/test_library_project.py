"""The network alone as a plain folder, built by the real CMake for this machine."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project

pytestmark = pytest.mark.skipif(shutil.which("cmake") is None, reason="no cmake (apt install cmake)")
STRICT = "-Wall -Wextra -Wconversion -Wshadow -Werror -pedantic"


def library(folder: Path, options: ExportOptions) -> Project:
    export(MODEL, folder, options)
    return open_project(folder)


OPTIONS = {
    "plain": ExportOptions(board=board("host"), project="library"),
    "context": ExportOptions(board=board("host"), project="library", context=True),
    "trace": ExportOptions(board=board("host"), project="library", trace=True, passes=PassOptions((-128, 100))),
    "canary": ExportOptions(board=board("host"), project="library", canary=True, context=True),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_the_example_prints_what_the_golden_model_says(name: str, tmp_path: Path) -> None:
    project = library(tmp_path / "p", OPTIONS[name])
    assert build(project).library_flash_bytes > 0
    image = np.random.default_rng(3).integers(-128, 101, project.graph.tensors[project.graph.inputs[0]].shape)
    image = image.astype(np.int8)
    wanted = run(project.graph, image)[project.graph.outputs[0]].ravel().tolist()
    example = project.folder / "build" / "digits_example"
    printed = subprocess.run([example], input=image.tobytes(), check=True, capture_output=True).stdout.decode()
    assert [int(line.split()[0]) for line in printed.splitlines()] == wanted
    short = subprocess.run([example], input=b"123", check=False, capture_output=True)
    assert (short.returncode, short.stderr) == (1, b"the image has fewer than 1024 bytes\n")


@pytest.mark.parametrize("name", OPTIONS)
def test_the_example_compiles_strictly(name: str, tmp_path: Path) -> None:
    project = library(tmp_path / "p", OPTIONS[name])
    flags = f"-DCMAKE_C_FLAGS={STRICT}"
    subprocess.run(["cmake", "-S", ".", "-B", "strict", flags], cwd=project.folder, check=True, capture_output=True)
    subprocess.run(["cmake", "--build", "strict"], cwd=project.folder, check=True, capture_output=True)


def test_the_library_is_part_of_another_cmake_project(tmp_path: Path) -> None:
    project = library(tmp_path / "digits", OPTIONS["plain"])
    (tmp_path / "main.c").write_text(
        '#include "digits.h"\nint main(void) { static int8_t image[DIGITS_INPUT_SIZE], scores[DIGITS_OUTPUT_SIZE];\n'
        "digits_run(image, scores); return 0; }\n"
    )
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\nproject(mine C)\nadd_subdirectory(digits)\n"
        "add_executable(mine main.c)\ntarget_link_libraries(mine digits)\n"
    )
    assert project.kind.name == "library"
    for command in (["cmake", "-S", ".", "-B", "build"], ["cmake", "--build", "build"], ["build/mine"]):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert not list((tmp_path / "build").rglob("digits_example"))
