"""Fixed-point arithmetic against the C definitions, followed step by step in Python's unbounded integers."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import (
    Mode,
    doubling_high_multiply,
    quantize_multiplier,
    requantize,
    rounding_divide,
    saturating_shift_left,
    wrap32,
)

INT32 = st.integers(-(2**31), 2**31 - 1)
MULTIPLIER = st.integers(2**30, 2**31 - 1) | st.just(0)
SHIFT = st.integers(-31, 30)


def as_int32(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31


def divided_as_in_c(a: int, b: int) -> int:
    return abs(a) // b * (1 if a >= 0 else -1)


def gemmlowp_high_multiply(a: int, b: int) -> int:
    product = a * b
    return divided_as_in_c(product + (2**30 if product >= 0 else 1 - 2**30), 2**31)


def gemmlowp_divide_by_power(value: int, exponent: int) -> int:
    mask = (1 << exponent) - 1
    threshold = (mask >> 1) + (value < 0)
    return (value >> exponent) + ((value & mask) > threshold)


def ints(*values: int) -> NDArray[np.int64]:
    return np.array(values, np.int64)


@given(INT32, st.integers(-(2**31) + 1, 2**31 - 1))
def test_the_high_half_of_a_doubled_product_is_rounded_as_gemmlowp_rounds_it(a: int, b: int) -> None:
    assert doubling_high_multiply(ints(a), b)[0] == gemmlowp_high_multiply(a, b)


@given(INT32, st.integers(0, 31))
def test_a_rounding_division_agrees_with_gemmlowp_for_every_power_of_two(value: int, bits: int) -> None:
    assert rounding_divide(ints(value), bits)[0] == gemmlowp_divide_by_power(value, bits)


@given(INT32, MULTIPLIER, SHIFT)
def test_double_rounding_follows_tensorflow_lite_micro_for_every_int32(acc: int, m: int, shift: int) -> None:
    high = gemmlowp_high_multiply(as_int32(acc << max(shift, 0)), m)
    expected = gemmlowp_divide_by_power(high, max(-shift, 0))
    assert requantize(ints(acc), m, shift)[0] == expected


@given(st.integers(-(2**24), 2**24), MULTIPLIER, st.integers(-31, 6))
def test_single_rounding_is_the_exact_product_rounded_half_up(acc: int, m: int, shift: int) -> None:
    exact = Fraction(acc * m) * Fraction(2) ** (shift - 31)
    assert requantize(ints(acc), m, shift, Mode.SINGLE)[0] == math.floor(exact + Fraction(1, 2))


@given(INT32, MULTIPLIER, st.integers(-31, 0))
def test_ruy_differs_from_double_rounding_only_below_zero_and_by_one(acc: int, m: int, shift: int) -> None:
    ruy, tflm = (int(requantize(ints(acc), m, shift, mode)[0]) for mode in (Mode.RUY, Mode.TFLM))
    assert ruy - tflm in ((0, 1) if acc < 0 else (0,))


def test_an_accumulator_shifted_beyond_32_bits_wraps_as_an_int32_register_does() -> None:
    shifted = requantize(ints(2**29, 2**29 - 1, -(2**29) - 1), 2**30, 2)
    assert shifted.tolist() == [-(2**30), 2**30 - 2, 2**30 - 2]


def test_every_channel_takes_its_own_multiplier_and_shift() -> None:
    acc = np.arange(-6, 6, dtype=np.int64).reshape(2, 2, 3) * 1000
    multipliers, shifts = ints(2**30, 2**31 - 1, 2**30 + 12345), ints(-3, 0, 2)
    together = requantize(acc, multipliers, shifts)
    for channel in range(3):
        alone = requantize(acc[..., channel], int(multipliers[channel]), int(shifts[channel]))
        assert np.array_equal(together[..., channel], alone)


@given(st.floats(2.0**-31, 2.0**30, allow_nan=False, exclude_min=True))
def test_a_multiplier_is_the_nearest_31_bit_fraction(real: float) -> None:
    multiplier, shift = quantize_multiplier(real)
    error = abs(Fraction(multiplier) * Fraction(2) ** (shift - 31) - Fraction(real))
    assert 2**30 <= multiplier < 2**31
    assert error <= Fraction(2) ** (shift - 32)


@pytest.mark.parametrize(
    ("real", "expected"),
    [
        (0.0, (0, 0)),
        (1.0, (2**30, 1)),
        (0.5, (2**30, 0)),
        (1 - 2.0**-40, (2**30, 1)),
        (1 - 2.0**-32, (2**30, 1)),
        (1 - 2.0**-31, (2**31 - 1, 0)),
        (2.0**-32, (2**30, -31)),
        (2.0**-33, (0, 0)),
    ],
)
def test_multipliers_at_the_edges_are_those_of_tensorflow_lite(real: float, expected: tuple[int, int]) -> None:
    assert quantize_multiplier(real) == expected


@given(st.integers(-(2**62), 2**62))
def test_wrapping_keeps_the_low_32_bits(value: int) -> None:
    assert wrap32(ints(value))[0] == as_int32(value)


def test_a_saturating_shift_stops_at_the_ends_of_int32() -> None:
    shifted = saturating_shift_left(ints(2**28, 2**26 - 1, -(2**26), -(2**26) - 1), 5)
    assert shifted.tolist() == [2**31 - 1, 2**31 - 32, -(2**31), -(2**31)]
