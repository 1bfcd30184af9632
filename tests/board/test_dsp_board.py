"""Instructions of the DSP extension on a board compute what their twins in C do."""

from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.dsp_networks import WIDTHS, separable_chain


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE])
@pytest.mark.parametrize("width", WIDTHS)
def test_instructions_compute_what_their_twins_do(width: int, activation: Activation, tmp_path: Path) -> None:
    model = tmp_path / "chain.tflite"
    model.write_bytes(write_model(separable_chain(width, activation)))
    options = ExportOptions(board=board("netduinoplus2"), trace=True, int16_from=(NEVER, ALWAYS)[width % 2])
    export(model, tmp_path / "p", options)
    project = open_project(tmp_path / "p")
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, generated_inputs(project.graph, 6, seed=0)).equal
