"""Clamps that are not int8's: lines that are moved, or held, and moved back by QSUB8 or UQADD8, or their twins."""

import ctypes
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.arithmetic.thresholds import FACTOR, Steps, solve
from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.dsp.lines import is_on_moved_line
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.operators.registry import has_weights
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import Core
from tests.support.clamped_networks import CLAMPS, HELD, clamped, patched_chain
from tests.support.clamped_networks import MOVED as MOVED_CLAMPS
from tests.support.compiled import library_of
from tests.support.dsp_networks import (
    M4,
    M4_WAITING,
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
from tests.support.exactness import problem_of
from tests.support.narrow import inputs
from tests.support.programs import Case

MOVED = """
#include "dw_dsp.h"
void on_moved_line(const int32_t *sums, int count, int32_t bias, int32_t multiplier, int32_t moved, int8_t *out);
void on_moved_line(const int32_t *sums, int count, int32_t bias, int32_t multiplier, int32_t moved, int8_t *out)
{
    for (int i = 0; i < count; i++) {
        out[i] = dw_on_moved_line((int32_t)(256u * (uint32_t)sums[i] + (uint32_t)bias), multiplier, moved);
    }
}
void on_held_line(
    const int32_t *sums, int count, int32_t bias, int32_t multiplier, int32_t minimum, int32_t maximum, int8_t *out);
void on_held_line(
    const int32_t *sums, int count, int32_t bias, int32_t multiplier, int32_t minimum, int32_t maximum, int8_t *out)
{
    for (int i = 0; i < count; i++) {
        const int32_t sum = (int32_t)(256u * (uint32_t)sums[i] + (uint32_t)bias);
        out[i] = dw_on_held_line(sum, multiplier, minimum, maximum);
    }
}
"""


SUMS: Final = np.arange(-(2**17), 2**17 + 1, dtype=np.int32)


def steps_of(clamp: tuple[int, int], shift: int) -> Steps:
    """Twenty channels, the zero point where the clamp begins."""
    return Steps(
        multipliers=np.linspace(2**30, 2**31 - 1, 20).astype(np.int64),
        shifts=np.full(20, -shift),
        low=np.full(20, SUMS[0], np.int64),
        high=np.full(20, SUMS[-1], np.int64),
        zero_point=clamp[0],
        minimum=clamp[0],
        maximum=clamp[1],
    )


@pytest.fixture(scope="module")
def moved_line(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """Moved lines as plain C."""
    return library_of(MOVED, tmp_path_factory.mktemp("moved"))


@pytest.mark.parametrize(("clamp", "shift"), [*product(MOVED_CLAMPS, (6, 9, 14))])
def test_sums_on_a_moved_line_equal_both_roundings_and_the_clamp(
    clamp: tuple[int, int], shift: int, moved_line: ctypes.CDLL
) -> None:
    """Every sum of 20 channels, the zero point where the clamp begins."""
    sums, moved, plain = SUMS, -1 - sum(clamp), steps_of(clamp, shift)
    lines, wanted = solve(plain, moved), plain(np.broadcast_to(sums.astype(np.int64), (20, len(sums))))
    out = np.zeros(len(sums), np.int8)
    assert lines.solved.sum() > 15
    for at in np.flatnonzero(lines.solved):
        pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (sums, out)]
        given = (int(lines.biases[at]), int(lines.multipliers[at]), moved)
        assert np.abs(FACTOR * sums.astype(np.int64) + given[0]).max() < 2**31
        moved_line.on_moved_line(pointers[0], len(sums), *given, pointers[1])
        assert (out == wanted[at]).all()


@pytest.mark.parametrize(("clamp", "shift"), [*product(HELD, (6, 9, 14))])
def test_sums_on_a_held_line_equal_both_roundings_and_the_clamp(
    clamp: tuple[int, int], shift: int, moved_line: ctypes.CDLL
) -> None:
    """Every sum of 20 channels, the zero point where the clamp begins."""
    sums, plain = SUMS, steps_of(clamp, shift)
    lines, wanted = solve(plain, -clamp[0], held=True), plain(np.broadcast_to(sums.astype(np.int64), (20, len(sums))))
    out = np.zeros(len(sums), np.int8)
    assert lines.solved.sum() > 15
    for at in np.flatnonzero(lines.solved):
        pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (sums, out)]
        given = (int(lines.biases[at]), int(lines.multipliers[at]))
        assert np.abs(FACTOR * sums.astype(np.int64) + given[0]).max() < 2**31
        moved_line.on_held_line(pointers[0], len(sums), *given, *clamp, pointers[1])
        assert (out == wanted[at]).all()


def case_of(graph: Graph, clamp: tuple[int, int], int16_from: int = NEVER, core: Core = M4) -> Case:
    """A network with a clamp, of which at least half of the layers are on lines."""
    made = optimize(clamped(graph, *clamp)).graph
    weighted = [is_on_moved_line(made, n) for n in made.nodes if has_weights(n.op)]
    assert 2 * sum(weighted) >= len(weighted)
    plan = choose(made, "auto", variant(made, core, int16_from))
    return Case.of(f"{made.name}_{int16_from}", plan, inputs(made, 5, random=2), core, int16_from)


@pytest.mark.parametrize("clamp", CLAMPS)
def test_dot_products_of_clamped_layers_equal_the_golden_model(clamp: tuple[int, int], tmp_path: Path) -> None:
    """Every rest of a row, sizes that are known and not; weights two in a lane, as bytes, as int16, copied or not."""
    made = [
        case_of(columns_chain(12), clamp, core=M4_WAITING),
        case_of(columns_chain(13, channels=16), clamp, core=M4_WAITING),
        case_of(with_least_weights(columns_chain(14)), clamp),
        case_of(columns_chain(6), clamp, ALWAYS),
        case_of(uneven_chain(14), clamp),
        case_of(uneven_chain(31), clamp, ALWAYS),
        case_of(vectors_chain(8, 70), clamp),
        case_of(with_least_weights(vectors_chain(7, 300)), clamp),
        case_of(vectors_chain(4, 12), clamp, ALWAYS),
        case_of(patched_chain(8), clamp),
        case_of(patched_chain(9), clamp),
    ]
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("clamp", CLAMPS)
def test_depthwise_rows_of_clamped_layers_equal_the_golden_model(clamp: tuple[int, int], tmp_path: Path) -> None:
    """Every end of a row, five and six columns at once, shared or not, pairs at stride 2, rows turned and padded."""
    made = [case_of(separable_chain(width), clamp) for width in range(4, 17)]
    made += [case_of(depthwise_rows(width, 5, 2), clamp) for width in (22, 25, 26, 29)]
    made += [case_of(turned_chain(width, channels), clamp) for width, channels in ((9, 19), (12, 3), (5, 34))]
    made += [case_of(padded_grid(width), clamp) for width in (3, 10)]
    made += [case_of(shared_rows(5, (7, 12, 1)), clamp), case_of(shared_rows(6, (1, 9, 9, 4)), clamp)]
    assert problem_of(made, tmp_path) is None
