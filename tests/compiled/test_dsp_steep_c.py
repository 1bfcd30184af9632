"""Layers with a channel that is shifted to the left, or not at all: their kernels' twins in C, bit for bit."""

from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import Core
from tests.support.dsp_networks import (
    M4,
    M4_WAITING,
    columns_chain,
    dense_chain,
    depthwise_rows,
    padded_grid,
    separable_chain,
    turned_chain,
    uneven_chain,
    vectors_chain,
)
from tests.support.exactness import problem_of
from tests.support.narrow import inputs
from tests.support.programs import Case
from tests.support.steep_networks import with_steep_channels

SCALES = (0.55, 0.99, 1.7, 6.0, 40.0, 120.0)
GENERAL = {"conv_2d", "depthwise_conv_2d", "fully_connected"}


def cases(graph: Graph, name: str, int16_from: int, core: Core = M4) -> list[Case]:
    chosen = choose_kernels(graph, core.families, int16_from)
    assert not GENERAL.intersection(chosen.names.values())
    plan = choose(graph, "auto", variant(graph, core, int16_from))
    return [Case.of(name, plan, inputs(graph, 5, random=4), core, int16_from)]


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_chains_with_one_steep_channel_a_layer_equal_the_golden_model(activation: Activation, tmp_path: Path) -> None:
    """Dot products, columns and depthwise layers, however weights would be stored without it."""
    made: list[Case] = []
    for number, usual in enumerate(
        (
            *(separable_chain(width, activation) for width in (5, 8, 13)),
            *(columns_chain(width, activation) for width in (6, 14)),
            *(uneven_chain(width, activation) for width in (7, 12)),
            turned_chain(8, 6, activation),
            turned_chain(5, 18, activation),
            dense_chain(21, activation),
            vectors_chain(5, 12, activation),
        )
    ):
        scales = SCALES[number % 6 :] + SCALES[: number % 6]
        for core, int16_from in ((M4, NEVER), (M4_WAITING, ALWAYS)):
            made += cases(with_steep_channels(usual, scales), f"steep{number}_{int16_from}", int16_from, core)
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_padded_rows_with_steep_channels_equal_the_golden_model(activation: Activation, tmp_path: Path) -> None:
    made: list[Case] = []
    for width in (3, 8, 10):
        graph = with_steep_channels(padded_grid(width, activation), SCALES)
        made += cases(graph, f"padded{width}", NEVER)
    assert problem_of(made, tmp_path) is None


def test_rows_that_would_be_computed_at_once_equal_the_golden_model(tmp_path: Path) -> None:
    made = [
        case
        for width in (5, 6, 9)
        for scale in (0.8, 30.0)
        for case in cases(with_steep_channels(depthwise_rows(width, 7), (scale,)), f"row{width}_{scale:.0f}", NEVER)
    ]
    assert problem_of(made, tmp_path) is None
