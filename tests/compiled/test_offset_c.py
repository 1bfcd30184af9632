"""Layers whose weights have a zero point: twins in C of all cores' kernels, bit for bit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.operators import Activation
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import CORES
from tests.support.dsp_networks import columns_chain, separable_chain, uneven_chain
from tests.support.exactness import problem_of
from tests.support.narrow import inputs
from tests.support.offset_networks import matrix_chain, offset_graphs, wide_chain, with_offset_weights
from tests.support.programs import Case
from tests.support.steep_networks import with_far_biases, with_steep_channels

ACTIVATIONS = (Activation.RELU, Activation.NONE, Activation.RELU6)
WITHOUT_DSP = ("cortex-m0plus", "cortex-m3", "rv32imc", "cortex-m55")


def chains(activation: Activation) -> Iterator[Graph]:
    yield from (separable_chain(width, activation) for width in (5, 8, 13))
    yield from (columns_chain(width, activation) for width in (6, 14))
    yield uneven_chain(7, activation)
    yield wide_chain(activation)
    yield matrix_chain(21, activation)


def case(graph: Graph, name: str, core: str) -> Case:
    target = CORES[core]
    return Case.of(name, choose(graph, "auto", variant(graph, target)), inputs(graph, 5, random=4), target)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("core", WITHOUT_DSP)
def test_weights_of_any_zero_point_equal_the_golden_model(core: str, activation: Activation, tmp_path: Path) -> None:
    made = [case(graph, f"offset{n}", core) for n, graph in enumerate(offset_graphs(chains(activation)))]
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("core", WITHOUT_DSP)
def test_they_do_with_channels_of_numbers_of_their_own(core: str, tmp_path: Path) -> None:
    graphs = [
        made
        for activation in (Activation.RELU, Activation.NONE)
        for graph in (separable_chain(8, activation), columns_chain(6, activation), wide_chain(activation))
        for made in (with_steep_channels(graph, (6.0, 0.8)), with_far_biases(graph))
    ]
    cases = [case(with_offset_weights(graph), f"own{n}", core) for n, graph in enumerate(graphs)]
    assert problem_of(cases, tmp_path) is None


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("core", WITHOUT_DSP)
def test_no_layer_of_one_group_is_left_to_the_general_kernels(core: str, activation: Activation) -> None:
    for graph in offset_graphs(chains(activation)):
        for chosen in choose_kernels(graph, CORES[core].families).chosen.values():
            assert chosen.kernel.name not in {"conv_2d_offset", "depthwise_conv_2d_offset"}, chosen.left_by
