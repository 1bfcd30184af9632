"""Channels that MAC16 kernels shift by more than 15: other numbers, equal to the operator's own roundings."""

import numpy as np
import pytest

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.arithmetic.thresholds import Steps
from depthwise.codegen.kernels.mac16.far import far_scales
from depthwise.codegen.kernels.mac16.scaling import MORE_BITS
from depthwise.codegen.kernels.sums import Sums, int64
from depthwise.codegen.operators.parameters import ConvParameters

CHANNELS = 20
# From here on not every channel has them whose negative sums are rounded the other way, in the middle of its outputs.
FAR_AND_SIGNED = 18


def layer(seed: int, zero_point: int, clamp: tuple[int, int]) -> Sums:
    rng = np.random.default_rng(seed)
    shifts = -rng.integers(16, 23, CHANNELS)
    multipliers = rng.integers(2**30, 2**31, CHANNELS)
    reach = np.minimum(rng.integers(2, 200, CHANNELS) << (-shifts - 1), 2**23 - 1)
    biases = rng.integers(-(2**12), 2**12, CHANNELS)
    p = ConvParameters(
        input_zero_point=0,
        output_zero_point=zero_point,
        minimum=clamp[0],
        maximum=clamp[1],
        multipliers=tuple(multipliers.tolist()),
        shifts=tuple(shifts.tolist()),
        scales=(),
        factors=(),
    )
    return Sums(p, tuple(biases.tolist()), tuple((-reach - biases).tolist()), tuple((reach - biases).tolist()))


def outputs(plain: Steps, scale: tuple[int, int, int], sums: Int64, *, signed: bool) -> Int64:
    """As dw_mac16_output computes them."""
    multiplier, offset, shift = scale
    value = ((256 * sums * multiplier) >> 32) - 128 * (signed & (sums < 0)) + offset
    assert np.abs(value).max() < 2**31
    return np.asarray(np.clip(value >> shift, plain.minimum, plain.maximum))


@pytest.mark.parametrize(
    ("zero_point", "clamp"),
    [(-128, (-128, 127)), (5, (-128, 127)), (127, (-128, 127)), (-128, (-128, 100)), (3, (3, 80))],
)
def test_channels_of_large_shifts_have_numbers_that_give_every_output(zero_point: int, clamp: tuple[int, int]) -> None:
    sums = layer(abs(zero_point) + clamp[1], zero_point, clamp)
    plain, rng = sums.steps, np.random.default_rng(1)
    signed = zero_point != -128 or clamp[1] != 127
    missing: list[int] = []
    for channel in range(CHANNELS):
        found = far_scales(sums, (channel,), MORE_BITS)
        if found is None:
            missing.append(-int(plain.shifts[channel]))
            continue
        low, high = int(plain.low[channel]), int(plain.high[channel])
        some = np.concatenate([int64((low, high, -1, 0, 1)), rng.integers(low, high + 1, 2_000)])
        wanted = plain(np.broadcast_to(some, (CHANNELS, len(some))))[channel]
        assert (outputs(plain, found[channel], some, signed=signed) == wanted).all()
    assert min(missing, default=FAR_AND_SIGNED) >= FAR_AND_SIGNED
    assert not missing or zero_point == 5
