"""Layers without lines: instructions on a board round and clamp as their twins in C do."""

from pathlib import Path

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from tests.board.test_dsp_board import verified
from tests.support.clamped_networks import INSIDE, around, patched_chain
from tests.support.dsp_networks import (
    columns_chain,
    depthwise_rows,
    padded_grid,
    separable_chain,
    shared_rows,
    turned_chain,
    uneven_chain,
    vectors_chain,
    with_least_weights,
)
from tests.support.steep_networks import with_far_biases, with_steep_channels

PLACES = 2 * [*INSIDE]


@pytest.mark.parametrize(("width", "place"), [*zip((4, 5, 6, 7, 8, 13, 16), PLACES, strict=False)])
def test_layers_around_a_zero_point_compute_what_their_twins_do(
    width: int, place: tuple[int, int], tmp_path: Path
) -> None:
    graph, int16_from = separable_chain(width), (NEVER, ALWAYS)[width % 2]
    assert verified(around(with_least_weights(graph) if width % 4 < 2 else graph, *place), tmp_path, int16_from)


@pytest.mark.parametrize(
    ("graph", "int16_from"),
    [
        (around(depthwise_rows(5, 1025), 0, 255), NEVER),
        (around(depthwise_rows(6, 821), -28, 100), NEVER),
        (around(depthwise_rows(25, 5, 2), 90, 60), NEVER),
        (around(depthwise_rows(26, 7, 2), -50, 20), NEVER),
        (around(shared_rows(5, (7, 12, 1)), -50, 20), NEVER),
        (around(shared_rows(6, (1, 830, 9, 9)), 90, 60), NEVER),
        (around(turned_chain(9, 19), -28, 100), NEVER),
        (around(padded_grid(10), -50, 20), NEVER),
        (around(columns_chain(13, channels=16), -50, 20), NEVER),
        (around(uneven_chain(31), 90, 60), ALWAYS),
        (around(vectors_chain(7, 70), -50, 20), NEVER),
        (around(patched_chain(8), -28, 100), NEVER),
        (with_steep_channels(around(separable_chain(9), -50, 20), (3.0, 0.4, 60.0)), NEVER),
        (with_steep_channels(around(turned_chain(9, 19), 90, 60), (0.3, 1.0, 7.0)), NEVER),
        (with_steep_channels(columns_chain(13, channels=16), (150.0, 0.01, 1000.0)), NEVER),
        (with_steep_channels(around(uneven_chain(14), -28, 100), (150.0, 400.0)), NEVER),
        (with_steep_channels(patched_chain(8), (150.0, 1000.0)), NEVER),
        (with_steep_channels(padded_grid(10), (150.0, 3.0, 1000.0)), NEVER),
        (with_far_biases(separable_chain(9)), NEVER),
        (with_far_biases(around(separable_chain(5), -28, 100)), ALWAYS),
    ],
    ids=lambda given: given.name if isinstance(given, Graph) else "",
)
def test_other_layers_around_a_zero_point_compute_what_their_twins_do(
    graph: Graph, int16_from: int, tmp_path: Path
) -> None:
    assert verified(graph, tmp_path, int16_from)
