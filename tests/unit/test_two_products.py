"""Two products of 32 bits and one shift against the plain roundings: every sum of small ranges, many of large ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64
from depthwise.codegen.arithmetic.thresholds import Steps
from depthwise.codegen.arithmetic.two_products import Products, solve
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.plain.lines import lines_refusal
from depthwise.codegen.operators.registry import has_weights
from depthwise.codegen.passes import optimize
from tests.support.models import read

CHANNELS = 6


@st.composite
def layers(draw: st.DrawFn, most: int) -> tuple[Steps, Int64]:
    """Channels with biases, whose scales are as far apart as those of a layer are; a few are silent."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shift = draw(st.integers(1, 12))
    biases = rng.integers(-most, most, CHANNELS)
    span = rng.integers(0, most, CHANNELS)
    steps = Steps(
        multipliers=rng.integers(2**30, 2**31, CHANNELS) * (rng.random(CHANNELS) > 0.05),
        shifts=-rng.integers(shift, shift + 4, CHANNELS),
        low=biases - span,
        high=biases + span,
        zero_point=-128,
        minimum=-128,
        maximum=127,
    )
    return steps, biases


def in_32_bits(found: Products, sums: Int64) -> Int64:
    """Outputs of sums [C, n] with the operations of `dw_lined_sum`, each of which wraps as int32 does."""
    m1, m0 = found.factors
    assert ((m1 >= 0) & (m1 < 2**16) & (m0 >= -(2**15)) & (m0 < 2**15)).all()
    small = sums * m0[:, None]
    assert (np.abs(small) <= LARGEST).all()
    value = (sums * m1[:, None]).astype(np.int32) + (small >> found.low).astype(np.int32)
    value = value + found.offsets.astype(np.uint64).astype(np.uint32).view(np.int32)[:, None]
    return np.asarray(np.clip(value >> found.high, -128, 127), np.int64)


@given(layers(3000))
def test_every_sum_gives_the_output_of_the_plain_form(layer: tuple[Steps, Int64]) -> None:
    plain, biases = layer
    found = solve(plain, biases)
    if found is None:
        return
    every = np.arange(int((plain.high - plain.low).max()) + 1)
    sums = np.minimum(plain.low[:, None] + every, plain.high[:, None])
    assert (in_32_bits(found, sums - biases[:, None]) == plain(sums)).all()


@given(layers(2**18))
def test_sums_of_large_ranges_do_too(layer: tuple[Steps, Int64]) -> None:
    plain, biases = layer
    found = solve(plain, biases)
    if found is None:
        return
    sums = np.random.default_rng(0).integers(plain.low[:, None], plain.high[:, None] + 1, (CHANNELS, 4000))
    assert (in_32_bits(found, sums - biases[:, None]) == plain(sums)).all()


def graph_of(name: str) -> Graph:
    return optimize(read(name)).graph


@pytest.mark.parametrize(("name", "least"), [("vww_96_int8", 27), ("kws_dscnn_int8", 9)])
def test_layers_of_real_models_whose_clamp_hides_the_sign_have_lines(name: str, least: int) -> None:
    graph = graph_of(name)
    weighted = [node for node in graph.nodes if has_weights(node.op)]
    assert sum(lines_refusal(graph, node) is None for node in weighted) >= least


@pytest.mark.parametrize(("reached", "has_lines"), [(2**17, True), (2**31 - 1, False)])
def test_sums_that_leave_no_bits_for_a_factor_have_no_lines(reached: int, has_lines: bool) -> None:
    low, high, multipliers, shifts = (np.array([number]) for number in (-reached, reached, 3 * 2**29, -9))
    scale = Steps(
        multipliers=multipliers, shifts=shifts, low=low, high=high, zero_point=-128, minimum=-128, maximum=127
    )
    assert (solve(scale, np.zeros(1, np.int64)) is not None) is has_lines
