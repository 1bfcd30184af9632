"""Clamps that are not int8's: QSUB8, USAT and UQADD8 on a board do what their twins in C do."""

from pathlib import Path

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from tests.board.test_dsp_board import verified
from tests.support.clamped_networks import clamped, patched_chain
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

Clamp = tuple[int, int]
ENDS: list[Clamp] = [(-128, 126), (-128, 117), (-128, 50), (-128, 0)]
BEGINS: list[Clamp] = [(-127, 127), (-40, 127), (0, 127)]
BOTH: list[Clamp] = [(-120, 100), (-127, 126), (-100, 99), (0, 50), (1, 127), (-128, -2), (-128, -1)]


@pytest.mark.parametrize(
    ("width", "clamp"),
    [
        *zip(range(4, 17), 4 * [*ENDS], strict=False),
        *zip((5, 6, 13, 16), BEGINS, strict=False),
        *zip(range(4, 17), 2 * [*BOTH], strict=False),
    ],
)
def test_clamped_layers_compute_what_their_twins_do(width: int, clamp: Clamp, tmp_path: Path) -> None:
    graph, int16_from = separable_chain(width), (NEVER, ALWAYS)[width % 2]
    assert verified(clamped(with_least_weights(graph) if width % 4 < 2 else graph, *clamp), tmp_path, int16_from)


@pytest.mark.parametrize(
    ("graph", "int16_from", "clamp"),
    [
        (columns_chain(13, channels=16), NEVER, (-128, 117)),
        (columns_chain(14, channels=16), ALWAYS, (-128, 50)),
        (with_least_weights(columns_chain(13)), NEVER, (-128, 126)),
        (columns_chain(6), ALWAYS, (-40, 127)),
        (uneven_chain(14), NEVER, (-128, 0)),
        (uneven_chain(31), ALWAYS, (-128, 117)),
        (vectors_chain(7, 70), NEVER, (-128, 50)),
        (vectors_chain(4, 9), ALWAYS, (0, 127)),
        (with_least_weights(vectors_chain(20, 64)), NEVER, (-128, 126)),
        (patched_chain(8), NEVER, (-128, 117)),
        (patched_chain(9), NEVER, (-127, 127)),
        (columns_chain(13, channels=16), NEVER, (-120, 100)),
        (columns_chain(14, channels=16), ALWAYS, (0, 50)),
        (with_least_weights(columns_chain(13)), NEVER, (1, 127)),
        (uneven_chain(14), NEVER, (-127, 126)),
        (uneven_chain(31), ALWAYS, (-128, -2)),
        (vectors_chain(7, 70), NEVER, (-120, 100)),
        (vectors_chain(4, 9), ALWAYS, (-100, 99)),
        (patched_chain(8), NEVER, (-120, 100)),
    ],
)
def test_clamped_dot_products_compute_what_their_twins_do(
    graph: Graph, int16_from: int, clamp: Clamp, tmp_path: Path
) -> None:
    assert verified(clamped(graph, *clamp), tmp_path, int16_from)


@pytest.mark.parametrize(
    ("graph", "clamp"),
    [
        (depthwise_rows(5, 1025), (-128, 117)),
        (depthwise_rows(6, 7), (-40, 127)),
        (depthwise_rows(6, 821), (-128, 0)),
        (shared_rows(5, (7, 12, 1)), (-128, 50)),
        (shared_rows(6, (1, 830, 9, 9)), (-128, 126)),
        (depthwise_rows(25, 5, 2), (-128, 117)),
        (depthwise_rows(26, 5, 2), (-127, 127)),
        (turned_chain(9, 19), (-128, 117)),
        (turned_chain(12, 3), (0, 127)),
        (padded_grid(10), (-128, 117)),
        (padded_grid(3), (-40, 127)),
        (depthwise_rows(5, 1025), (-120, 100)),
        (depthwise_rows(6, 821), (0, 50)),
        (shared_rows(5, (7, 12, 1)), (-127, 126)),
        (shared_rows(6, (1, 830, 9, 9)), (-128, -2)),
        (depthwise_rows(25, 5, 2), (-120, 100)),
        (turned_chain(9, 19), (1, 127)),
        (padded_grid(10), (-120, 100)),
        (padded_grid(3), (-128, -2)),
    ],
)
def test_clamped_depthwise_rows_compute_what_their_twins_do(graph: Graph, clamp: Clamp, tmp_path: Path) -> None:
    assert verified(clamped(graph, *clamp), tmp_path, NEVER)
