"""Pictures of virtual boards: those that firmware makes up, and those of a camera that a user wrote."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from PIL import Image

from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.project import Project, open_project
from tests.support.commands import call
from tests.support.port_networks import stereo_network
from tests.support.projects import skip_without_tools
from tests.support.verified import verified

# A microphone, say: two channels of five coefficients at three times; the second picture fails at its row 1.
FEATURES: Final = """
#include "camera.h"
static int taken;
struct dw_camera_format dw_camera_format(void)
{
    const struct dw_camera_format format = {3, 5, 2, DW_CAMERA_I16};
    return format;
}
bool dw_camera_begin(void)
{
    taken++;
    return true;
}
const void *dw_camera_row(int row)
{
    static int16_t values[10];
    for (int i = 0; i < 10; i++) {
        values[i] = (int16_t)(1000 * taken - 100 * row + i);
    }
    return taken == 2 && row == 1 ? 0 : values;
}
"""


def exported(board_name: str, folder: Path) -> Project:
    skip_without_tools(board(board_name))
    export(MODEL, folder, ExportOptions(board=board(board_name), capture=True))
    return open_project(folder)


def test_a_virtual_board_shows_pictures_that_are_made_up_and_computes_as_ever(tmp_path: Path) -> None:
    project = exported("mps2-m3", tmp_path / "project")
    build(project)
    told = call("capture", "--virtual", project.folder, "--label", "cat", "-o", tmp_path / "data", "--count", 2)
    assert told.exit_code == 0, told.output
    y, x = np.indices((32, 32))
    for number, file in enumerate(sorted((tmp_path / "data/cat").iterdir()), 1):
        with Image.open(file) as opened:
            np.testing.assert_array_equal(np.asarray(opened), (5 * x + 3 * y + 16 * number) % 256)
    assert verified(project, count=1).equal


def test_a_camera_of_the_user_s_own_takes_the_place_of_what_is_made_up(tmp_path: Path) -> None:
    project = exported("host", tmp_path / "project")
    (project.folder / "app/my_features.c").write_text(FEATURES)
    build(project)
    with virtual_board(project.firmware, project.board) as url:
        where = ("--port", url, "-o", tmp_path / "data", "--count", 3, "--json")
        failed = json.loads(call("capture", *where, "--label", "yes").stdout)
        assert "camera gives no picture (ROW) (1 new pictures are whole)" in failed["error"]
        assert json.loads(call("capture", *where, "--label", "yes").stdout)["taken"] == 2
    row, i = np.indices((3, 10))
    for number, file in zip((1, 3, 4), sorted((tmp_path / "data/yes").iterdir()), strict=True):
        np.testing.assert_array_equal(np.load(file).reshape(3, 10), 1000 * number - 100 * row + i)
    export(MODEL, project.folder, ExportOptions(board=project.board, capture=True, force=True))
    assert (project.folder / "app/my_features.c").exists()


def test_what_cannot_capture_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    stereo = tmp_path / "stereo.tflite"
    stereo.write_bytes(write_model(stereo_network()))
    for model, kind, message in ((stereo, None, "3 inputs"), (MODEL, "library", "no application that could capture")):
        with pytest.raises(InputError, match=message):
            export(model, tmp_path / "p", ExportOptions(board=board("mps2-m3"), capture=True, project=kind))
    assert not (tmp_path / "p").exists()
