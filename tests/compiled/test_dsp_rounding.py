"""Layers without lines: both roundings as multiplications, clamps that are held or moved around a zero point."""

import ctypes
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.arithmetic.fixedpoint import doubling_high_multiply, rounding_divide
from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp.depthwise_conv_2d import Columns
from depthwise.codegen.kernels.dsp.two_roundings import LEAST_SHIFT, UPPER_BITS
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from tests.support.clamped_networks import INSIDE, around, patched_chain
from tests.support.compiled import library_of
from tests.support.dsp_networks import (
    M4,
    columns_chain,
    dense_chain,
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
from tests.support.steep_networks import with_far_biases, with_steep_channels

ROUNDED: Final = """
#include "dw_dsp.h"
void rounded(const int32_t *sums, int count, struct dw_rounding rounding, int32_t *out);
void rounded(const int32_t *sums, int count, struct dw_rounding rounding, int32_t *out)
{
    for (int i = 0; i < count; i++) {
        out[i] = dw_rounded_twice((int32_t)(2u * (uint32_t)sums[i]), rounding);
    }
}
"""


class Rounding(ctypes.Structure):
    _fields_ = [("multiplier", ctypes.c_int32), ("power", ctypes.c_int32), ("offset", ctypes.c_int32)]


@pytest.fixture(scope="module")
def rounded(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """Both roundings of the kernels, as plain C."""
    return library_of(ROUNDED, tmp_path_factory.mktemp("rounded"))


@pytest.mark.parametrize("shift", range(LEAST_SHIFT, UPPER_BITS))
def test_two_multiplications_equal_both_roundings(shift: int, rounded: ctypes.CDLL) -> None:
    """Every sum near zero, a million up to both ends of what can be doubled, and those beside every output's half."""
    rng, ends = np.random.default_rng(shift), 2**30 - 1
    for multiplier in (2**30, 2**31 - 1, int(rng.integers(2**30, 2**31))):
        halves = ((np.arange(-300, 301) * 2 + 1) << (shift + 30)) // multiplier
        near = halves[np.abs(halves) < ends - 4][:, None] + np.arange(-3, 4)
        some = [np.arange(-70_000, 70_000), rng.integers(-ends, ends + 1, 1_000_000), near.ravel(), [-ends, ends]]
        sums = np.concatenate(some).astype(np.int32)
        wanted = rounding_divide(doubling_high_multiply(sums.astype(np.int64), multiplier), shift)
        out = np.zeros(len(sums), np.int32)
        for offset in (-128, 7, 383):
            given = Rounding(multiplier, 2 ** (UPPER_BITS - shift), offset)
            pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (sums, out)]
            rounded.rounded(pointers[0], len(sums), given, pointers[1])
            assert (out == wanted + offset).all()


def case_of(graph: Graph, int16_from: int = NEVER) -> Case:
    made = optimize(graph).graph
    plan = choose(made, "auto", variant(made, M4, int16_from))
    return Case.of(f"{made.name}_{int16_from}", plan, inputs(made, 5, random=2), M4, int16_from)


def columns_of(graph: Graph) -> list[Columns]:
    """How rows of depthwise layers are computed."""
    chosen = choose_kernels(graph, M4.families)
    names = ("depthwise_conv_2d_dsp", "depthwise_conv_2d_turned_dsp")
    some = [n for n in graph.nodes if n.output in chosen.names and chosen.name(n) in names]
    return [shape for n in some if isinstance(shape := chosen.of(n).kernel.shape(Layer(graph, n)), Columns)]


@pytest.mark.parametrize("place", INSIDE)
def test_depthwise_rows_around_a_zero_point_equal_the_golden_model(place: tuple[int, int], tmp_path: Path) -> None:
    """Every end of a row, five and six columns at once, shared or not, pairs at stride 2, rows turned and padded."""
    graphs = [separable_chain(width) for width in (4, 5, 6, 7, 8, 9, 12, 13)]
    graphs += [depthwise_rows(width, 5, 2) for width in (22, 25, 26, 29)]
    graphs += [turned_chain(width, channels) for width, channels in ((9, 19), (12, 3), (5, 34))]
    graphs += [padded_grid(3), padded_grid(10), shared_rows(5, (7, 12, 1)), shared_rows(6, (1, 9, 9, 4))]
    graphs += [depthwise_rows(5, 1030), depthwise_rows(8, 260)]
    moved = [around(graph, *place) for graph in graphs]
    assert {c.form for g in moved for c in columns_of(g)} == {"ROUNDED"}
    assert problem_of([case_of(graph) for graph in moved], tmp_path) is None


@pytest.mark.parametrize("place", INSIDE)
def test_dot_products_around_a_zero_point_equal_the_golden_model(place: tuple[int, int], tmp_path: Path) -> None:
    """Every rest of a row, sizes that are known and not; weights two in a lane, as bytes, as int16."""
    made = [
        case_of(around(columns_chain(12), *place)),
        case_of(around(with_least_weights(columns_chain(14)), *place)),
        case_of(around(columns_chain(6), *place), ALWAYS),
        case_of(around(uneven_chain(14), *place)),
        case_of(around(uneven_chain(31), *place), ALWAYS),
        case_of(around(vectors_chain(8, 70), *place)),
        case_of(around(patched_chain(8), *place)),
        case_of(around(dense_chain(5), *place)),
    ]
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize(("place", "steep"), [*zip(INSIDE, 2 * [(3.0, 0.4, 60.0), (0.3, 1.0, 7.0)], strict=True)])
def test_steep_channels_around_a_zero_point_equal_the_golden_model(
    place: tuple[int, int], steep: tuple[float, ...], tmp_path: Path
) -> None:
    """A channel of each layer has numbers of its own: rows are blocks, whose clamps are held, too."""
    graphs = [separable_chain(4), separable_chain(13), turned_chain(9, 19), padded_grid(10), uneven_chain(14)]
    made = [case_of(with_steep_channels(around(graph, *place), steep)) for graph in graphs]
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("place", [None, *INSIDE[::2]])
@pytest.mark.parametrize("scale", [150.0, 1000.0])
def test_the_steepest_channels_meet_inputs_that_are_doubled(
    place: tuple[int, int] | None, scale: float, tmp_path: Path
) -> None:
    """A step of the sum moves the output by half of int8 and more: only layers of columns leave these kernels."""
    made: list[Case] = []
    graphs = (columns_chain(13, channels=16), uneven_chain(14), vectors_chain(7, 70), patched_chain(8), padded_grid(10))
    for graph in (*graphs, dense_chain(5)):
        steep = with_steep_channels(graph if place is None else around(graph, *place), (scale, 0.01, 3.0))
        names = choose_kernels(steep, M4.families).names
        assert all("dsp" in name or name == "depthwise_conv_2d_strips" for name in names.values())
        made.append(case_of(steep))
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("place", [None, *INSIDE[::2]])
def test_far_biases_stay_on_kernels_of_the_extension(place: tuple[int, int] | None, tmp_path: Path) -> None:
    """Sums of a channel are too large to be doubled, and its outputs vary."""
    made: list[Case] = []
    for graph in (separable_chain(5), separable_chain(9), turned_chain(9, 19), padded_grid(10), uneven_chain(14)):
        far = with_far_biases(graph if place is None else around(graph, *place))
        usual, names = (choose_kernels(g, M4.families).names for g in (graph, far))
        assert usual.keys() == names.keys()
        assert all("dsp" in name for output, name in names.items() if "dsp" in usual[output])
        made.append(case_of(far))
    assert problem_of(made, tmp_path) is None
