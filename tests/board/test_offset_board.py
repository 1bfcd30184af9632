"""Layers whose weights have a zero point on boards: instructions compute what the golden model does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import core
from tests.support.core_program import core_program
from tests.support.dsp_networks import columns_chain, separable_chain, uneven_chain
from tests.support.narrow import inputs
from tests.support.offset_networks import matrix_chain, offset_graphs, wide_chain, with_offset_weights
from tests.support.programs import Case
from tests.support.steep_networks import with_steep_channels

BOARDS = ("mps2-m0plus", "mps2-m3", "rv32-virt", "mps3-m55")


def chains(activation: Activation) -> Iterator[Graph]:
    yield separable_chain(9, activation)
    yield columns_chain(8, activation)
    yield uneven_chain(6, activation)
    yield wide_chain(activation)
    yield matrix_chain(13, activation)


def faults(graphs: Iterator[Graph], name: str, folder: Path) -> dict[str, str]:
    """Networks of which a tensor is not the golden model's on a board."""
    target = core(board(name).core)
    cases = [
        Case.of(f"net{n}", choose(g, "auto", variant(g, target)), inputs(g, 3, random=1), target)
        for n, g in enumerate(graphs)
    ]
    return core_program(cases, name, folder).faults()


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
@pytest.mark.parametrize("name", BOARDS)
def test_weights_of_any_zero_point_are_computed_on_a_board(name: str, activation: Activation, tmp_path: Path) -> None:
    assert faults(offset_graphs(chains(activation)), name, tmp_path / "p") == {}


@pytest.mark.parametrize("name", BOARDS)
def test_they_are_with_channels_of_numbers_of_their_own(name: str, tmp_path: Path) -> None:
    both = (Activation.RELU, Activation.NONE)
    steep = (with_offset_weights(with_steep_channels(g, (6.0, 0.8, 40.0))) for a in both for g in chains(a))
    assert faults(steep, name, tmp_path / "p") == {}
