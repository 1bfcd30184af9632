"""Networks of several inputs and outputs on virtual boards: every tensor, bit for bit."""

from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.port_networks import NETWORKS


@pytest.mark.parametrize("network", ["stereo", "places"])
@pytest.mark.parametrize("board_name", ["netduinoplus2", "mps2-m0plus", "mps3-m55", "rv32-virt"])
def test_every_tensor_is_the_golden_models(board_name: str, network: str, tmp_path: Path) -> None:
    model = tmp_path / f"{network}.tflite"
    model.write_bytes(write_model(NETWORKS[network]()))
    options = ExportOptions(board=board(board_name), trace=True, canary=True, context=network == "places")
    export(model, tmp_path / "p", options)
    project = open_project(tmp_path / "p")
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 6, seed=0))
    assert verdict.equal, str(verdict.difference)
    assert verdict.tensors == len(project.traced) > 3
