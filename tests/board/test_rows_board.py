"""A sample of generated networks on the virtual board: by rows and by whole tensors, every tensor."""

from collections.abc import Callable
from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build, measure
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.dead_networks import mobile_network
from tests.support.function_networks import function_network
from tests.support.networks import random_network
from tests.support.residual_networks import residual_chain

SAMPLE = [
    (make, seed) for make in (random_network, mobile_network, residual_chain, function_network) for seed in (310, 311)
]


@pytest.mark.parametrize("schedule", ["rows", "whole"])
@pytest.mark.parametrize(("make", "seed"), SAMPLE)
def test_a_generated_network_equals_the_golden_model_on_the_board(
    make: Callable[[int], Graph], seed: int, schedule: str, tmp_path: Path
) -> None:
    model = tmp_path / "sample.tflite"
    model.write_bytes(write_model(make(seed)))
    manifest = export(model, tmp_path / "p", ExportOptions(board=board("netduinoplus2"), trace=True, schedule=schedule))
    project = open_project(tmp_path / "p")
    build(project)
    assert measure(project).library_ram_bytes == manifest["ram_bytes"]
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, generated_inputs(project.graph, 4, seed=0)).equal
