"""Blocks of two pixels and three channels: instructions on a board do what their twins in C do."""

from itertools import product
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.operators import Activation
from tests.board.test_dsp_board import verified
from tests.support.clamped_networks import clamped
from tests.support.threes_networks import take_threes, threes_chain

SIZES: Final = ((4, 3, 4), (10, 4, 8), (16, 5, 16), (16, 60, 40), (4, 300, 8))
CLAMPS: Final[tuple[tuple[int, int] | None, ...]] = (None, (-128, 100), (-100, 90))


@pytest.mark.parametrize(
    ("number", "activation", "waits"),
    [*product(range(len(SIZES)), (Activation.RELU, Activation.NONE), (False, True))],
)
def test_two_pixels_by_three_channels_compute_what_their_twins_do(
    number: int, activation: Activation, waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied weights where flash waits, and others; steps that an instruction can hold, and others."""
    take_threes(monkeypatch)
    width, channels, inputs = SIZES[number]
    graph, clamp = threes_chain(width, channels, activation, inputs), CLAMPS[(number + waits) % 3]
    clamps = clamp is not None and activation is Activation.RELU
    assert verified(clamped(graph, *clamp) if clamps and clamp else graph, tmp_path, NEVER if waits else ALWAYS)
