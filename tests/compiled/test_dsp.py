"""Kernels for the DSP extension: the identities they rest on, and what their twins in C compute."""

import ctypes
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import doubling_high_multiply, rounding_divide
from depthwise.codegen.arithmetic.thresholds import Steps, solve
from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp.padded_rows import padded_rows_of
from depthwise.codegen.kernels.dsp.steep import LARGEST_SHIFT
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.operators.parameters import conv_parameters
from depthwise.codegen.operators.registry import has_weights
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import Core
from tests.support.compiled import library_of
from tests.support.conformance.harness import given_to
from tests.support.dsp_networks import (
    M4,
    M4_WAITING,
    WIDTHS,
    columns_chain,
    dense_chain,
    matrices,
    padded_grid,
    separable_chain,
    shared_rows,
    turned_chain,
    uneven_chain,
    vectors_chain,
    with_least_weights,
    with_tiny_scales,
)
from tests.support.exactness import problem_of
from tests.support.extreme_networks import extreme_chain
from tests.support.narrow import inputs
from tests.support.programs import Case

SCALED = """
#include "dw_dsp.h"
void on_line(const int32_t *sums, int count, int32_t bias, int32_t multiplier, int8_t *out);
void on_line(const int32_t *sums, int count, int32_t bias, int32_t multiplier, int8_t *out)
{
    for (int i = 0; i < count; i++) {
        out[i] = dw_on_line((int32_t)(256u * (uint32_t)sums[i] + (uint32_t)bias), multiplier);
    }
}
void scaled(const int32_t *sums, int count, struct dw_scale scale, int8_t *unsigned_out, int8_t *signed_out);
void scaled(const int32_t *sums, int count, struct dw_scale scale, int8_t *unsigned_out, int8_t *signed_out)
{
    for (int i = 0; i < count; i++) {
        unsigned_out[i] = dw_scaled((int32_t)(2u * (uint32_t)sums[i]), scale);
        signed_out[i] = dw_scaled_signed((int32_t)(2u * (uint32_t)sums[i]), scale);
    }
}
"""


class Scale(ctypes.Structure):
    _fields_ = [("multiplier", ctypes.c_int32), ("offset", ctypes.c_int32), ("shift", ctypes.c_int32)]


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The scaling of the kernels, as plain C."""
    return library_of(SCALED, tmp_path_factory.mktemp("scaled"))


def rounded(sums: NDArray[np.int32], multiplier: int, shift: int) -> NDArray[np.int64]:
    """TensorFlow Lite Micro's two roundings."""
    return rounding_divide(doubling_high_multiply(sums.astype(np.int64), multiplier), shift)


def ended(value: NDArray[np.int64], zero: int, least: int) -> NDArray[np.int8]:
    """What is rounded, with the zero point and the clamp."""
    return np.clip(value + zero, least, 127).astype(np.int8)


@pytest.mark.parametrize("shift", range(23))
def test_scaling_in_one_step_equals_both_roundings_and_the_clamp(shift: int, scaled: ctypes.CDLL) -> None:
    """Every sum near zero and near each end of int8, and a million over the whole range, for each shift."""
    rng = np.random.default_rng(shift)
    reach = min(2**30 - 1, 300 << (shift + 1))
    near = [
        np.arange(-70_000, 70_000),
        rng.integers(-reach, reach + 1, 500_000),
        rng.integers(-(2**30), 2**30, 500_000),
    ]
    sums = np.concatenate([*near, np.array([-(2**30) + 1, 2**30 - 1])]).astype(np.int32)
    for multiplier in (2**30, 2**31 - 1, int(rng.integers(2**30, 2**31))):
        value = rounded(sums, multiplier, shift)
        for zero in (-128, -5, 0, 7, 127):
            offset = ((1 << (shift - 1)) if shift else 0) + zero * (1 << shift)
            hidden, seen = np.zeros(len(sums), np.int8), np.zeros(len(sums), np.int8)
            pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (sums, hidden, seen)]
            scaled.scaled(pointers[0], len(sums), Scale(multiplier, offset, shift), pointers[1], pointers[2])
            clamped = np.maximum(hidden, zero)  # a clamp at the zero point hides the correction
            assert (clamped == ended(value, zero, zero)).all()
            if shift:
                assert (seen == ended(value, zero, -128)).all()


@pytest.mark.parametrize("shift", [6, 9, 14])
def test_sums_on_a_line_equal_both_roundings_and_the_clamp(shift: int, scaled: ctypes.CDLL) -> None:
    multipliers = np.linspace(2**30, 2**31 - 1, 20).astype(np.int64)
    reach = np.full(20, 2**17)
    plain = Steps(
        multipliers=multipliers,
        shifts=np.full(20, -shift),
        low=-reach,
        high=reach,
        zero_point=-128,
        minimum=-128,
        maximum=127,
    )
    lines = solve(plain)
    sums, out = np.arange(-(2**17), 2**17 + 1, dtype=np.int32), np.zeros(2**18 + 1, np.int8)
    for at in np.flatnonzero(lines.solved):
        pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (sums, out)]
        scaled.on_line(pointers[0], len(sums), int(lines.biases[at]), int(lines.multipliers[at]), pointers[1])
        assert (out == ended(rounded(sums, int(multipliers[at]), shift), -128, -128)).all()
    assert lines.solved.any()


def cases(graph: Graph, name: str, int16_from: int, core: Core = M4) -> list[Case]:
    plan = choose(graph, "auto", variant(graph, core, int16_from))
    return [Case.of(name, plan, inputs(graph, 5, random=2), core, int16_from)]


@pytest.mark.parametrize("int16_from", [NEVER, ALWAYS])
@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_chains_of_every_width_equal_the_golden_model(int16_from: int, activation: Activation, tmp_path: Path) -> None:
    """Weights two in a lane and, where every other width has ones of -128, as bytes or as int16."""
    made: list[Case] = []
    for width in WIDTHS:
        graph = optimize(separable_chain(width, activation)).graph
        made += cases(with_least_weights(graph) if width % 2 else graph, f"net{width}", int16_from)
    assert problem_of(made, tmp_path) is None


def test_layers_of_different_channels_that_share_a_function_equal_the_golden_model(tmp_path: Path) -> None:
    made = [*cases(shared_rows(5, (7, 12, 1)), "five", NEVER), *cases(shared_rows(6, (1, 9, 9, 4)), "six", NEVER)]
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_columns_of_larger_kernels_equal_the_golden_model(activation: Activation, tmp_path: Path) -> None:
    """Every rest of a row, weights two in a lane, as lanes, as bytes, as bytes that become lanes, copied or not."""
    made: list[Case] = []
    for width, int16_from in ((4, NEVER), (6, ALWAYS), (12, NEVER), (13, NEVER), (14, NEVER), (14, ALWAYS)):
        graph = columns_chain(width, activation, channels=16 if width == 13 else 4)
        graph = with_least_weights(graph) if width == 14 else graph
        names = list(choose_kernels(graph, M4_WAITING.families).names.values())
        assert names.count("conv_2d_columns_dsp") >= 3
        made += cases(graph, f"net{width}_{int16_from}", int16_from, M4_WAITING if int16_from == NEVER else M4)
    for width, int16_from in ((6, NEVER), (9, ALWAYS), (14, NEVER), (26, ALWAYS), (31, NEVER)):
        graph = uneven_chain(width, activation)
        names = list(choose_kernels(graph, M4.families).names.values())
        assert names.count("conv_2d_columns_dsp") == 4
        made += cases(graph, f"uneven{width}_{int16_from}", int16_from)
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_weights_in_pairs_equal_the_golden_model(activation: Activation, tmp_path: Path) -> None:
    """Every remainder, sums that are parted once and thrice, weights of -128 beside positive ones; one scale or own."""
    made: list[Case] = []
    for number, per_channel in product((*range(1, 9), 700, 1600), (True, False)):
        graph = dense_chain(number, activation, extreme=number > 8, per_channel=per_channel)
        assert choose_kernels(graph, M4.families).name(graph.nodes[0]) == "fully_connected_pairs_dsp"
        made += cases(graph, f"dense{number}_{int(per_channel)}", NEVER)
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_several_vectors_equal_the_golden_model(activation: Activation, tmp_path: Path) -> None:
    """Every remainder of vectors, more than become lanes at once, weights in pairs, as bytes and as int16."""
    made: list[Case] = []
    for vectors, taps in ((1, 3), (2, 8), (3, 6), (4, 12), (5, 1), (8, 70), (20, 64), (7, 300)):
        graph = vectors_chain(vectors, taps, activation)
        graph = with_least_weights(graph) if vectors % 2 else graph
        assert set(choose_kernels(graph, M4.families).names.values()) == {"fully_connected_vectors_dsp"}
        for int16_from in (NEVER, ALWAYS):
            made += cases(graph, f"{graph.name}_{int16_from}", int16_from)
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize(("transposed", "constant"), [*product((False, True), repeat=2)])
def test_matrices_equal_the_golden_model(transposed: bool, constant: bool, tmp_path: Path) -> None:
    """Every remainder of the depth and of columns, zero points at both ends."""
    made: list[Case] = []
    for depth, columns in ((1, 1), (2, 4), (3, 3), (4, 2), (7, 5), (8, 6), (17, 9), (64, 7), (300, 8)):
        graph = matrices(depth, columns, transposed=transposed, constant=constant)
        name = f"batch_matmul_{'constant_' if constant else ''}dsp"
        assert choose_kernels(graph, M4.families).name(graph.nodes[0]) == name
        given = given_to(graph, depth)
        made.append(Case.of(graph.name, choose(graph, "rows", variant(graph, M4)), given, M4))
    assert problem_of(made, tmp_path) is None


def test_weights_of_minus_128_beside_negative_ones_are_left_to_lanes() -> None:
    graph = dense_chain(4)
    weights = graph.tensors[graph.nodes[0].inputs[1]]
    assert weights.data is not None
    data = weights.data.copy()
    data[:2, 0] = (-1, -128)
    tensors = tuple(replace(t, data=data) if t is weights else t for t in graph.tensors)
    chosen = choose_kernels(replace(graph, tensors=tensors), M4.families).of(graph.nodes[0])
    assert chosen.kernel.name == "fully_connected_dsp"
    assert "-128" in chosen.refusals[0].reason


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6, Activation.RELU_N1_TO_1])
def test_rows_that_are_turned_equal_the_golden_model(activation: Activation, tmp_path: Path) -> None:
    """Every width, channels of one block, of blocks that overlap, of two that do not."""
    made: list[Case] = []
    for width, channels in zip(WIDTHS, (1, 2, 3, 16, 17, 20, 33, 32, 5, 7, 18, 34, 4), strict=True):
        graph = turned_chain(width, channels, activation)
        names = choose_kernels(graph, M4.families).names
        assert names[graph.nodes[0].output] == "depthwise_conv_2d_turned_dsp"
        made += cases(graph, graph.name, NEVER)
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE])
def test_a_channel_whose_sums_are_shifted_out_does_not_slow_its_layer(activation: Activation, tmp_path: Path) -> None:
    made: list[Case] = []
    for number, usual in enumerate(
        (separable_chain(8, activation), turned_chain(8, 6, activation), dense_chain(6), padded_grid(4, activation))
    ):
        graph = with_tiny_scales(usual)
        shifts = [s for n in graph.nodes if has_weights(n.op) for s in conv_parameters(graph, n).shifts]
        assert min(shifts) < -LARGEST_SHIFT
        before, after = (choose_kernels(g, M4.families).names for g in (usual, graph))
        assert before == after
        made += cases(graph, f"tiny{number}", NEVER)
    assert problem_of(made, tmp_path) is None


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_rows_that_are_padded_equal_the_golden_model(activation: Activation, tmp_path: Path) -> None:
    """Every width of a kernel, rest of a row and stride, several blocks of a row and none."""
    made: list[Case] = []
    walked: set[tuple[int, int, int]] = set()
    for width in (1, 3, 8, 10):
        graph = padded_grid(width, activation)
        chosen = choose_kernels(graph, M4.families)
        padded = [n for n in graph.nodes if chosen.name(n) == "depthwise_conv_2d_padded_dsp"]
        assert len(padded) > len(graph.nodes) - 5
        walked |= {(r.taps, r.stride, r.rest) for r in (padded_rows_of(graph, n) for n in padded)}
        made += cases(graph, graph.name, NEVER)
    assert walked == set(product((4, 5, 8), (1, 2), range(4)))
    assert problem_of(made, tmp_path) is None


def test_extremes_of_four_elements_and_of_the_rest_equal_the_golden_model(tmp_path: Path) -> None:
    made: list[Case] = []
    for width, channels in ((2, 3), (5, 7), (3, 2), (4, 8), (2, 6)):
        graph = optimize(extreme_chain(width, channels)).graph
        names = set(choose_kernels(graph, M4.families).names.values())
        assert names == {"maximum_dsp", "maximum_constant_dsp", "minimum_constant_dsp"}
        plan = choose(graph, "auto", variant(graph, M4))
        made.append(Case.of(f"net{width}_{channels}", plan, given_to(graph, width), M4))
    assert problem_of(made, tmp_path) is None
