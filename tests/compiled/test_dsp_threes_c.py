"""Blocks of two pixels and three channels: what their twins in C compute."""

from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.weight_storage import NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import Core
from tests.support.clamped_networks import clamped
from tests.support.dsp_networks import M4, M4_WAITING
from tests.support.exactness import problem_of
from tests.support.narrow import inputs
from tests.support.programs import Case
from tests.support.threes_networks import take_threes, threes_chain, threes_in

# Pixels of a row, channels, inputs: 16 pixels of 144 inputs are copied where flash waits.
SIZES = ((4, 3, 4), (10, 4, 8), (16, 5, 16), (16, 6, 16), (4, 10, 8), (10, 8, 4))


def cased(graph: Graph, core: Core, number: int) -> Case:
    """A network whose larger kernels are all computed so."""
    assert len(threes_in(graph, core)) == 3
    plan = choose(graph, "auto", variant(graph, core, NEVER))
    return Case.of(f"{graph.name}_{number}", plan, inputs(graph, 4, random=2), core, NEVER)


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU_N1_TO_1])
def test_two_pixels_by_three_channels_equal_the_golden_model(
    activation: Activation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Channels that are left or not, weights that are copied, lines of every kind and none."""
    take_threes(monkeypatch)
    made: list[Case] = []
    for number, (width, channels, depth) in enumerate(SIZES):
        graph, core = threes_chain(width, channels, activation, depth), (M4, M4_WAITING)[number % 2]
        made += (cased(g, core, number) for g in (graph, clamped(graph, -128, 100), clamped(graph, -100, 90)))
    assert problem_of(made, tmp_path) is None


def test_sums_without_lines_and_blocks_without_loops_equal_the_golden_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_threes(monkeypatch, 0, lines=False)
    made: list[Case] = []
    for number, (width, channels, depth) in enumerate(SIZES):
        graph, core = threes_chain(width, channels, inputs=depth), (M4, M4_WAITING)[number % 2]
        assert {shape.row.form for shape in threes_in(graph, core)} == {"scaled"}
        made.append(cased(graph, core, number))
    assert problem_of(made, tmp_path) is None
