"""Blocks of two pixels and three channels: what their twins in C compute."""

from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.weight_storage import NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.schedule import choose
from tests.support.clamped_networks import clamped
from tests.support.dsp_networks import M4, M4_WAITING
from tests.support.exactness import problem_of
from tests.support.narrow import inputs
from tests.support.programs import Case
from tests.support.threes_networks import take_threes, threes_chain, threes_in

# Pixels of a row, channels, inputs: 16 pixels of 144 inputs are copied where flash waits.
SIZES = ((4, 3, 4), (10, 4, 8), (16, 5, 16), (16, 6, 16), (4, 10, 8), (10, 8, 4))


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_two_pixels_by_three_channels_equal_the_golden_model(
    activation: Activation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Channels that are left or not, loops and none, weights that are copied, lines of every kind and none."""
    take_threes(monkeypatch)
    made: list[Case] = []
    for number, size in enumerate(SIZES):
        graph, core = threes_chain(*size[:2], activation, size[2]), (M4, M4_WAITING)[number % 2]
        for given in (graph, clamped(graph, -128, 100), clamped(graph, -100, 90)):
            assert len(threes_in(dict(choose_kernels(given, core.families).names), given)) == 3
            plan = choose(given, "auto", variant(given, core, NEVER))
            made.append(Case.of(f"{given.name}_{number}", plan, inputs(given, 4, random=2), core, NEVER))
    assert problem_of(made, tmp_path) is None
