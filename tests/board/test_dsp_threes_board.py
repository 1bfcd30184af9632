"""Blocks of two pixels and three channels: instructions on a board do what their twins in C do."""

from itertools import product
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.operators import Activation
from tests.board.test_dsp_board import verified
from tests.support.clamped_networks import clamped
from tests.support.dsp_networks import M4, M4_WAITING
from tests.support.threes_networks import take_threes, threes_chain, threes_in

SIZES: Final = ((4, 3, 4), (10, 4, 8), (16, 5, 16), (16, 60, 40), (4, 300, 8))
CLAMPS: Final[tuple[tuple[int, int] | None, ...]] = (None, (-128, 100), (-100, 90))
ACTIVATIONS: Final = (Activation.RELU, Activation.NONE, Activation.RELU_N1_TO_1)


@pytest.mark.parametrize(("number", "activation", "waits"), [*product(range(len(SIZES)), ACTIVATIONS, (False, True))])
def test_two_pixels_by_three_channels_compute_what_their_twins_do(
    number: int, activation: Activation, waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied weights where flash waits, and others; steps that an instruction can hold, and others."""
    take_threes(monkeypatch)
    width, channels, inputs = SIZES[number]
    graph, clamp = threes_chain(width, channels, activation, inputs), CLAMPS[(number + waits) % 3]
    given = clamped(graph, *clamp) if clamp and activation is Activation.RELU else graph
    assert len(threes_in(given, M4_WAITING if waits else M4)) == 3
    assert verified(given, tmp_path, NEVER if waits else ALWAYS)


@pytest.mark.parametrize("waits", [False, True])
def test_sums_without_lines_and_blocks_without_loops_compute_what_their_twins_do(
    waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_threes(monkeypatch, 0, lines=False)
    graph = threes_chain(16, 5, inputs=16 if waits else 4)
    shapes = threes_in(graph, M4_WAITING if waits else M4)
    assert {shape.row.form for shape in shapes} == {"scaled"}
    assert waits or any(shape.row.loop.unrolled == 0 for shape in shapes)
    assert verified(graph, tmp_path, NEVER if waits else ALWAYS)
