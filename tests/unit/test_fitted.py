"""Numbers of each channel's own: every sum has the operator's output, and no core leaves such a layer."""

import numpy as np
import pytest

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.fitted import Fitted, fitted_channel, fitted_of, fitted_refusal
from depthwise.codegen.kernels.sums import Sums
from depthwise.codegen.operators import Activation
from depthwise.codegen.operators.parameters import ConvParameters
from depthwise.codegen.targets.cores import CORES
from tests.support.dsp_networks import columns_chain, dense_chain, separable_chain
from tests.support.steep_networks import patches_chain, with_far_biases, with_steep_channels

CHANNELS = 12
REACH = 50_000
CLAMPS = [(-128, (-128, 127)), (5, (-128, 127)), (-20, (-20, 90)), (127, (-128, 127))]


def channels_of(given: Sums) -> list[Fitted | None]:
    """Numbers of each channel."""
    return [fitted_channel(given, channel) for channel in range(len(given.biases))]


def sums(shift: int, zero_point: int, clamp: tuple[int, int], reach: int = REACH, bias: int = 0) -> Sums:
    """Channels of any multiplier, of one shift, whose sums reach so far to both sides of a bias."""
    rng = np.random.default_rng(shift + 40)
    multipliers = (2**30, 2**31 - 1, *rng.integers(2**30, 2**31, CHANNELS - 2).tolist())
    parameters = ConvParameters(
        input_zero_point=0,
        output_zero_point=zero_point,
        multipliers=multipliers,
        shifts=(shift,) * CHANNELS,
        minimum=clamp[0],
        maximum=clamp[1],
        scales=(),
        factors=(),
    )
    biases = tuple((bias + rng.integers(-1000, 1000, CHANNELS)).tolist())
    return Sums(parameters, biases, (-reach,) * CHANNELS, (reach,) * CHANNELS)


def outputs(found: Fitted, products: Int64, clamp: tuple[int, int]) -> Int64:
    """What instructions make of sums without a bias; of 2^left times a sum that begins with one, too."""
    wide = (products << found.left) + found.bias
    assert (np.abs(wide) <= LARGEST).all()
    assert (((products + found.start) << found.left) + found.rest == wide).all()
    upper = (wide * found.multiplier) >> 32
    value = upper + found.offset + np.where(upper < 0, found.correction, 0)
    assert (np.abs(value) <= LARGEST).all()
    return np.asarray(np.clip(value >> found.right, *clamp))


def assert_same(given: Sums, clamp: tuple[int, int], products: Int64, least: int = CHANNELS) -> None:
    """Every channel that has numbers has the operator's outputs, `least` channels have some."""
    found = [(channel, numbers) for channel, numbers in enumerate(channels_of(given)) if numbers is not None]
    assert len(found) >= least
    wanted = given.steps(products + np.array(given.biases)[:, None])
    for channel, numbers in found:
        assert 0 <= numbers.rest < 256
        assert (outputs(numbers, products, clamp) == wanted[channel]).all()


@pytest.mark.parametrize(("zero_point", "clamp"), CLAMPS)
@pytest.mark.parametrize("shift", [*range(-22, 0, 3), *range(-2, 13, 2), 1, 3])
def test_every_sum_has_the_operators_output(shift: int, zero_point: int, clamp: tuple[int, int]) -> None:
    assert_same(sums(shift, zero_point, clamp), clamp, np.arange(-REACH, REACH + 1))


@pytest.mark.parametrize(("zero_point", "clamp"), CLAMPS)
@pytest.mark.parametrize("shift", [-30, -26, -24, -23, -22])
@pytest.mark.parametrize("bias", [2**30, -(2**30) - 2**28])
def test_sums_that_lie_far_from_zero_have_numbers(
    shift: int, zero_point: int, clamp: tuple[int, int], bias: int
) -> None:
    assert_same(sums(shift, zero_point, clamp, bias=bias), clamp, np.arange(-REACH, REACH + 1))


def test_steep_channels_whose_sums_reach_far_are_on_a_line_if_there_is_one() -> None:
    near = np.arange(-2000, 2001) + np.array([[0], [-(2**27) + 2000], [2**27 - 2000]])
    given = sums(2, -128, (-128, 127), reach=2**27)
    assert {found.correction for found in channels_of(given) if found} == {0}
    assert_same(given, (-128, 127), near.reshape(-1), least=1)


@pytest.mark.parametrize(("zero_point", "clamp"), CLAMPS)
def test_the_steepest_channels_whose_sums_reach_far_mostly_have_numbers(
    zero_point: int, clamp: tuple[int, int]
) -> None:
    """All but one of twelve at most: a bias whose lowest bits are a byte misses a line in between."""
    near = np.arange(-2000, 2001) + np.array([[0], [-(2**21) - 2**20 + 2000], [2**21 + 2**20 - 2000]])
    assert_same(sums(8, zero_point, clamp, reach=2**21 + 2**20), clamp, near.reshape(-1), least=CHANNELS - 1)


def test_sums_that_would_wrap_have_no_numbers() -> None:
    assert not any(channels_of(sums(3, -128, (-128, 127), reach=2**29)))


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m3", "rv32imc", "cortex-m55", "cortex-m4"])
@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE])
def test_no_layer_with_a_steep_or_a_far_channel_leaves_fast_kernels(core: str, activation: Activation) -> None:
    for usual in (separable_chain(9, activation), columns_chain(8, activation), dense_chain(20)):
        for graph in (with_steep_channels(usual, (0.7, 1.4, 90.0)), with_far_biases(usual)):
            assert not general(graph, core)


def test_patches_of_the_dsp_extension_take_int16_weights_where_a_channel_is_steep() -> None:
    for usual, is_wide in ((patches_chain(7), False), (with_steep_channels(patches_chain(7), (3.0,)), True)):
        chosen = choose_kernels(usual, CORES["cortex-m4"].families)
        patches = [c for c in chosen.chosen.values() if c.kernel.name in {"conv_2d_groups_dsp", "transpose_conv_dsp"}]
        assert [c.layer.int16_weights for c in patches] == [is_wide] * 4


def general(graph: Graph, core: str) -> list[str]:
    chosen = choose_kernels(graph, CORES[core].families).chosen.values()
    names = {"conv_2d", "depthwise_conv_2d", "fully_connected"}
    return [str(c.layer.node) for c in chosen if c.kernel.name in names]


def test_a_refusal_names_the_channel_its_shift_and_its_sums() -> None:
    graph = with_steep_channels(dense_chain(20), (2.0**20,))
    assert fitted_of(graph, graph.nodes[0]) is None
    reason = fitted_refusal(graph, graph.nodes[0])
    assert reason is not None
    assert reason.startswith("channel 1 is shifted to the left by 20, its sums lie between -")
    assert any(reason in c.left_by for c in choose_kernels(graph, CORES["cortex-m3"].families).chosen.values())
