"""Layers with a channel of its own numbers: twins in C of all cores' kernels, bit for bit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import CORES
from tests.support.dsp_networks import (
    columns_chain,
    dense_chain,
    separable_chain,
    turned_chain,
    uneven_chain,
    vectors_chain,
)
from tests.support.exactness import problem_of
from tests.support.narrow import inputs
from tests.support.programs import Case
from tests.support.steep_networks import far_matrix, patches_chain, with_far_biases, with_steep_channels

SCALES = (0.55, 0.99, 1.7, 6.0, 40.0, 120.0)
WITHOUT_DSP = ("cortex-m0plus", "cortex-m3", "rv32imc", "cortex-m55")


def chains(activation: Activation) -> Iterator[Graph]:
    """One steep channel in each layer, of another scale."""
    usual = (
        *(separable_chain(width, activation) for width in (5, 8, 13)),
        *(columns_chain(width, activation) for width in (6, 14)),
        uneven_chain(7, activation),
        turned_chain(8, 6, activation),
        turned_chain(5, 18, activation),
        dense_chain(21, activation),
        vectors_chain(5, 12, activation),
    )
    for number, graph in enumerate(usual):
        yield with_steep_channels(graph, SCALES[number % 6 :] + SCALES[: number % 6])


def case(graph: Graph, name: str, core: str) -> Case:
    target = CORES[core]
    return Case.of(name, choose(graph, "auto", variant(graph, target)), inputs(graph, 5, random=4), target)


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
@pytest.mark.parametrize("core", WITHOUT_DSP)
def test_chains_with_one_steep_channel_a_layer_equal_the_golden_model(
    core: str, activation: Activation, tmp_path: Path
) -> None:
    made = [case(graph, f"steep{number}", core) for number, graph in enumerate(chains(activation))]
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("core", [*WITHOUT_DSP, "cortex-m4"])
def test_sums_far_from_zero_equal_the_golden_model(core: str, tmp_path: Path) -> None:
    made = [
        case(with_far_biases(graph), f"far{number}_{activation.name.lower()}", core)
        for activation in (Activation.RELU, Activation.NONE)
        for number, graph in enumerate(
            (separable_chain(8, activation), columns_chain(6, activation), dense_chain(9), patches_chain(5, activation))
        )
    ]
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("core", WITHOUT_DSP)
def test_sums_less_a_base_equal_the_golden_model(core: str, tmp_path: Path) -> None:
    made = [
        case(far_matrix(inputs, activation), f"base{inputs}_{activation.name.lower()}", core)
        for activation in (Activation.RELU, Activation.NONE)
        for inputs in (7000, 8000)
    ]
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_patches_of_the_dsp_extension_with_a_steep_channel_equal_the_golden_model(
    activation: Activation, tmp_path: Path
) -> None:
    made = [
        case(
            with_steep_channels(patches_chain(width, activation), scales), f"patches{width}_{len(scales)}", "cortex-m4"
        )
        for width in (4, 5, 9)
        for scales in ((0.7,), (3.0, 50.0))
    ]
    assert problem_of(made, tmp_path) is None
