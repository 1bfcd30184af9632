"""A native module of MicroPython remembers from run to run, until it is reset; over the REPL it is verified so."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.host.cli import main
from tests.support.mpy_board import mpy_board
from tests.support.natmods import in_project, native
from tests.support.networks import NAMED_NETWORKS
from tests.support.stateful import steps_of

NETWORKS = ("svdf", "svdf_int16", "lstm", "delayed")
SCRIPT = """
net = m.Model()
for again in range(2):
    inputs = open({inputs!r}, "rb")
    image = bytearray(m.INPUT_BYTES)
    while inputs.readinto(image):
        print(digest(net.run(image)))
    net.reset()
for row in range(m.INPUT_BYTES // m.ROW_BYTES):
    done = net.push_row(bytes(m.ROW_BYTES))
print(done)
"""


def model(name: str, folder: Path) -> Path:
    path = folder / f"{name}.tflite"
    path.write_bytes(write_model(NAMED_NETWORKS[name]()))
    return path


@pytest.mark.parametrize("name", NETWORKS)
def test_a_module_remembers_until_it_is_reset(name: str, tmp_path: Path) -> None:
    project = native(model(name, tmp_path))
    graph = project.reference
    steps = steps_of(graph.tensors[graph.inputs[0]], 9, seed=5)
    (tmp_path / "inputs").write_bytes(steps.tobytes())
    wanted = [value.tobytes().hex() for value in run(graph, steps)[graph.outputs[0]]]
    script = SCRIPT.format(inputs=str(tmp_path / "inputs"))
    assert in_project(project, script) == [*wanted, *wanted, "True"]


@pytest.mark.parametrize("trace", [False, True])
def test_a_module_is_verified_over_sequences(trace: bool, tmp_path: Path) -> None:
    project = native(model("svdf", tmp_path), trace=trace)
    with mpy_board(tmp_path / "board") as board:
        done = CliRunner().invoke(main, ["flash", str(project.folder), "--port", board.url])
        assert done.exit_code == 0, done.output
        asked = ["verify", str(project.folder), "--port", board.url, "--inputs", "1", "--json"]
        done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["equal"], found["inputs"]) == (True, 24)
