"""Layers with a channel of its own numbers on boards: instructions compute what the golden model does."""

from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.dsp_networks import columns_chain, dense_chain, separable_chain, turned_chain
from tests.support.steep_networks import far_matrix, patches_chain, with_far_biases, with_steep_channels


def verified(graph: Graph, folder: Path, name: str) -> bool:
    """Whether a network computes on a board what the golden model does."""
    folder.mkdir()
    model = folder / "net.tflite"
    model.write_bytes(write_model(graph))
    export(model, folder / "p", ExportOptions(board=board(name), trace=True))
    project = open_project(folder / "p")
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        return verify(project, link, generated_inputs(project.graph, 6, seed=0)).equal


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
@pytest.mark.parametrize("name", ["mps2-m0plus", "mps2-m3", "rv32-virt", "mps3-m55"])
def test_steep_channels_are_computed_on_a_board(name: str, activation: Activation, tmp_path: Path) -> None:
    usual = (
        separable_chain(9, activation),
        columns_chain(8, activation),
        dense_chain(13),
        turned_chain(5, 18, activation),
    )
    for number, graph in enumerate(usual):
        assert verified(with_steep_channels(graph, (1.6, 0.7, 25.0, 70.0)), tmp_path / str(number), name)


@pytest.mark.parametrize("name", ["mps2-m0plus", "mps2-m3", "rv32-virt", "mps3-m55"])
def test_sums_far_from_zero_are_computed_on_a_board(name: str, tmp_path: Path) -> None:
    assert verified(with_far_biases(separable_chain(8, Activation.NONE)), tmp_path / "far", name)


@pytest.mark.parametrize("name", ["mps2-m0plus", "mps2-m3", "rv32-virt"])
def test_sums_less_a_base_are_computed_on_a_board(name: str, tmp_path: Path) -> None:
    assert verified(far_matrix(7000), tmp_path / "base", name)


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE])
def test_patches_with_a_steep_channel_are_computed_on_a_board(activation: Activation, tmp_path: Path) -> None:
    for width in (5, 8):
        graph = with_steep_channels(patches_chain(width, activation), (3.0, 0.7))
        assert verified(graph, tmp_path / str(width), "netduinoplus2")
