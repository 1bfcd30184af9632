"""Channels that are shifted to the left, or not at all: other numbers of the same form, for larger weights."""

import numpy as np
import pytest

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp.scaling import scaling_refusal, steep_refusal
from depthwise.codegen.kernels.dsp.steep import MOST_BITS, Scaled, factor_bits, steep_of
from depthwise.codegen.kernels.sums import Sums
from depthwise.codegen.kernels.weight_storage import NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.operators.parameters import ConvParameters
from tests.support.dsp_networks import M4, dense_chain, padded_grid, separable_chain
from tests.support.steep_networks import with_steep_channels

CHANNELS = 12


def sums(left: int, zero_point: int, clamp: tuple[int, int], reach: int) -> Sums:
    """Channels of any multiplier, shifted to the left, whose sums reach so far."""
    rng = np.random.default_rng(left)
    multipliers = (2**30, 2**31 - 1, *rng.integers(2**30, 2**31, CHANNELS - 2).tolist())
    parameters = ConvParameters(
        input_zero_point=0,
        output_zero_point=zero_point,
        multipliers=multipliers,
        shifts=(left,) * CHANNELS,
        minimum=clamp[0],
        maximum=clamp[1],
        scales=(),
        factors=(),
    )
    biases = tuple(rng.integers(-1000, 1000, CHANNELS).tolist())
    return Sums(parameters, biases, (-reach,) * CHANNELS, (reach,) * CHANNELS)


def outputs(found: Scaled, bias: int, all_sums: Int64, clamp: tuple[int, int]) -> Int64:
    """What instructions make of sums, biases included: `dw_scaled_clamped` with and without the sign's correction."""
    multiplier, offset, shift = found.scale
    wide = found.factor * (all_sums - bias) + found.bias
    assert (np.abs(wide) <= LARGEST).all()
    assert abs(found.bias) <= LARGEST
    value = (wide * multiplier + 2**31) >> 32
    hidden, seen = (np.clip((v + offset) >> shift, *clamp) for v in (value, value + (value >> 31)))
    assert (hidden == seen).all()
    return np.asarray(seen)


@pytest.mark.parametrize(("zero_point", "clamp"), [(-128, (-128, 127)), (5, (-128, 127)), (-20, (-20, 90))])
@pytest.mark.parametrize("left", range(7))
def test_every_sum_of_steep_channels_has_the_operators_output(
    left: int, zero_point: int, clamp: tuple[int, int]
) -> None:
    given = sums(left, zero_point, clamp, 100_000)
    found = steep_of(given, tuple(range(CHANNELS)), MOST_BITS)
    assert found.keys() == set(range(CHANNELS))
    steps = given.steps
    every = np.arange(-100_000, 100_001) + np.array(given.biases)[:, None]
    wanted = steps(every)
    for c, scaled in found.items():
        assert (outputs(scaled, given.biases[c], every[c], clamp) == wanted[c]).all()


@pytest.mark.parametrize("left", [0, 2])
def test_sums_that_reach_far_are_multiplied_by_less(left: int) -> None:
    """Halves beside the clamp's end are rounded as before if nothing is left to divide by: they always have numbers."""
    given = sums(left, -128, (-128, 127), 2**25)
    found = steep_of(given, tuple(range(CHANNELS)), MOST_BITS)
    assert found.keys() == set(range(CHANNELS))
    assert {scaled.factor for scaled in found.values()} <= {2**bits for bits in range(1, 6)}
    near = np.arange(-2000, 2001) + np.array([[0], [-(2**25) + 2000], [2**25 - 2000]])
    for c, scaled in found.items():
        every = near.reshape(1, -1) + given.biases[c]
        some = given.steps(np.repeat(every, CHANNELS, axis=0))[c]
        assert (outputs(scaled, given.biases[c], every[0], (-128, 127)) == some).all()


def test_sums_that_would_leave_int32_have_no_numbers() -> None:
    assert not steep_of(sums(3, -128, (-128, 127), 2**29), tuple(range(CHANNELS)), MOST_BITS)


def test_weights_are_multiplied_by_what_int16_holds() -> None:
    assert factor_bits(np.array([-128, 127], np.int8)) == 8
    assert factor_bits(np.array([128], np.int16)) == 7
    assert factor_bits(np.array([-255, 255], np.int16)) == 7


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE])
def test_a_layer_with_a_steep_channel_keeps_its_kernel_with_int16_weights(activation: Activation) -> None:
    usual = separable_chain(9, activation)
    graph = with_steep_channels(usual, (1.4, 3.0, 90.0))
    before, after = (choose_kernels(g, M4.families, NEVER) for g in (usual, graph))
    assert before.names == after.names
    dots = [n for n in graph.nodes if after.name(n) in {"conv_2d_dsp", "conv_2d_columns_dsp"}]
    assert dots
    assert all(after.of(n).layer.int16_weights for n in dots)


def test_vectors_leave_the_kernel_whose_weights_are_pairs_of_bytes() -> None:
    usual = dense_chain(20)
    graph = with_steep_channels(usual, (0.6, 5.0))
    chosen = choose_kernels(graph, M4.families, NEVER)
    assert {chosen.name(n) for n in graph.nodes} == {"fully_connected_dsp", "fully_connected_pairs_dsp"}


def test_a_refusal_says_which_channel_and_how_far_its_sums_reach() -> None:
    graph = with_steep_channels(dense_chain(20), (300.0,))
    reason = steep_refusal(graph, graph.nodes[0])
    assert reason is not None
    assert reason.startswith(
        "channel 1 is shifted to the left by 9, to the right by 1 to 22 is supported; its sums lie between -"
    )
    doubled = scaling_refusal(with_steep_channels(padded_grid(8), (3.0,)), padded_grid(8).nodes[0])
    assert doubled is not None
    assert "to the left by 2, to the right by 0 to 22" in doubled


def far_sums(zero_point: int, clamp: tuple[int, int], reach: int, sign: int) -> Sums:
    """Channels whose sums lie above 2^30, or below -2^30, and give outputs that can be seen."""
    rng = np.random.default_rng(reach)
    biases = sign * rng.integers(2**30, 2**31 - reach, CHANNELS)
    scales = np.ldexp(rng.uniform(1, 100, CHANNELS) / np.abs(biases), 31)
    shifts = np.ceil(np.log2(scales)).astype(int) - 31
    parameters = ConvParameters(
        input_zero_point=0,
        output_zero_point=zero_point,
        multipliers=tuple(np.minimum(np.ldexp(scales, -shifts), 2**31 - 1).astype(int).tolist()),
        shifts=tuple(shifts.tolist()),
        minimum=clamp[0],
        maximum=clamp[1],
        scales=(),
        factors=(),
    )
    return Sums(parameters, tuple(biases.tolist()), (-reach,) * CHANNELS, (reach,) * CHANNELS)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("reach", [2**16, 2**22])
@pytest.mark.parametrize(("zero_point", "clamp"), [(-128, (-128, 127)), (5, (-128, 127)), (-20, (-20, 90))])
def test_sums_that_are_too_large_to_be_doubled_have_numbers(
    zero_point: int, clamp: tuple[int, int], reach: int, sign: int
) -> None:
    """Those of an output whose weights are as large as they can be, of up to 256 inputs: all of them."""
    given = far_sums(zero_point, clamp, reach, sign)
    found = steep_of(given, tuple(range(CHANNELS)), MOST_BITS)
    assert found.keys() == set(range(CHANNELS))
    every = np.linspace(-reach, reach, 20_001).astype(np.int64) + np.array(given.biases)[:, None]
    wanted = given.steps(every)
    for c, scaled in found.items():
        assert (outputs(scaled, given.biases[c], every[c], clamp) == wanted[c]).all()
