"""Sums far from zero less a base: every output is the operator's, and no channel of a layer that fits is refused."""

import numpy as np
import pytest

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64
from depthwise.codegen.arithmetic.thresholds import Steps, thresholds
from depthwise.codegen.kernels.bases import based
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.fitted import Fitted, fitted_channel
from depthwise.codegen.kernels.sums import Sums
from depthwise.codegen.operators import Activation
from depthwise.codegen.operators.parameters import ConvParameters
from depthwise.codegen.targets.cores import CORES
from tests.support.steep_networks import far_matrix

REACH = 2**27 - 2**20  # weights of a channel add up to 2^20 at most


def channel(rng: np.random.Generator) -> Sums:
    """One whose sums lie anywhere, far apart, and whose outputs differ."""
    while True:
        reach, bias = int(2 ** rng.uniform(22, np.log2(REACH))), int(2 ** rng.uniform(27, 31) * rng.choice([-1, 1]))
        scale = 2.0 ** rng.uniform(0, 9) / reach
        shift = int(np.ceil(np.log2(scale)))
        multiplier = min(max(round(scale / 2.0**shift * 2**31), 2**30), 2**31 - 1)
        zero_point = int(rng.integers(-128, 128))
        parameters = ConvParameters(
            input_zero_point=0,
            output_zero_point=zero_point,
            minimum=zero_point if rng.random() < 0.4 else -128,
            maximum=127,
            multipliers=(multiplier,),
            shifts=(shift,),
            scales=(),
            factors=(),
        )
        given = Sums(parameters, (bias,), (-reach,), (reach,))
        low, high = given.steps.low, given.steps.high
        if abs(bias) + reach <= LARGEST and given.steps(low[:, None]) != given.steps(high[:, None]):
            return given


def looked_at(plain: Steps, rng: np.random.Generator) -> Int64:
    """Sums around all thresholds, at the ends and between."""
    low, high = int(plain.low[0]), int(plain.high[0])
    near = (thresholds(plain)[0][:, None] + np.arange(-40, 41)).ravel()
    every = np.concatenate([near, rng.integers(low, high + 1, 50_000), [low, low + 1, high - 1, high]])
    return np.asarray(np.unique(every[(every >= low) & (every <= high)]))


def outputs(found: Fitted, products: Int64) -> Int64:
    """What instructions make of sums without a bias, each number an int32."""
    wide = ((products + found.start) << found.left) + found.rest
    upper = wide * found.multiplier >> 32
    value = upper + found.offset + np.where(upper < 0, found.correction, 0)
    assert max(int(np.abs(wide).max()), int(np.abs(value).max()), abs(found.offset)) <= LARGEST
    return np.asarray(value >> found.right)


@pytest.mark.parametrize("seed", range(8))
def test_every_channel_whose_weights_are_not_too_many_has_numbers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(30):
        given = channel(rng)
        found, plain = fitted_channel(given, 0), given.steps
        assert found is not None, given
        sums = looked_at(plain, rng)
        seen = np.clip(outputs(found, sums - given.biases[0]), plain.minimum, plain.maximum)
        assert (seen == plain(sums[None])[0]).all(), given


@pytest.mark.parametrize("seed", range(4))
def test_bases_have_the_operators_outputs(seed: int) -> None:
    rng, found = np.random.default_rng(100 + seed), 0
    for _ in range(30):
        given = channel(rng)
        plain, numbers = given.steps, based(given.steps)
        if numbers is None:
            continue
        found += 1
        sums = looked_at(plain, rng)
        seen = np.clip(numbers.shifted(sums) >> numbers.right, plain.minimum, plain.maximum)
        assert (seen == plain(sums[None])[0]).all(), given
    assert found > 15


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m3", "rv32imc", "cortex-m55"])
@pytest.mark.parametrize("activation", [Activation.NONE, Activation.RELU])
def test_no_matrix_of_far_sums_is_left_to_the_general_kernel(core: str, activation: Activation) -> None:
    for inputs in (7000, 8000):
        graph = far_matrix(inputs, activation)
        chosen = choose_kernels(graph, CORES[core].families).of(graph.nodes[0])
        assert chosen.kernel.name != "fully_connected", chosen.left_by
