"""Networks with state on virtual boards, with and without the DSP extension: sequences of inputs, every tensor."""

from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build, measure
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs, in_sequences
from tests.support.models import model_path
from tests.support.networks import NAMED_NETWORKS
from tests.support.projects import built


@pytest.mark.parametrize("board_name", ["netduinoplus2", "microbit"])
@pytest.mark.parametrize("name", ["svdf", "svdf_int16", "lstm", "delayed"])
def test_a_network_with_state_equals_the_golden_model_on_the_board(name: str, board_name: str, tmp_path: Path) -> None:
    model = tmp_path / "sample.tflite"
    model.write_bytes(write_model(NAMED_NETWORKS[name]()))
    manifest = export(model, tmp_path / "p", ExportOptions(board=board(board_name), trace=True))
    project = open_project(tmp_path / "p")
    build(project)
    assert measure(project).library_ram_bytes == manifest["ram_bytes"]
    inputs = in_sequences(generated_inputs(project.graph, 48, seed=0), project.sequence)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, inputs)
    assert verdict.equal
    assert verdict.inputs == 48


@pytest.mark.parametrize("name", ["keyword_svdf_8bit", "micro_wake_word_vad"])
def test_a_real_model_with_state_equals_the_golden_model_on_the_board(name: str) -> None:
    project = built("netduinoplus2", model_path(name))
    inputs = in_sequences(generated_inputs(project.graph, 24, seed=0), project.sequence)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, inputs).equal
