"""One shift for all channels against the plain roundings: every sum of small ranges, every threshold of large ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.arithmetic.thresholds import FACTOR, SHIFT, Lines, Steps, proved, solve, thresholds

CHANNELS = 24


@st.composite
def layers(draw: st.DrawFn, most: int) -> Steps:
    """Channels of any multiplier, shifted by −3 to 22, whose sums begin anywhere."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    minimum = draw(st.integers(-128, 126))
    low = rng.integers(-most, most, CHANNELS)
    return Steps(
        multipliers=rng.integers(2**30, 2**31, CHANNELS) * (rng.random(CHANNELS) > 0.05),
        shifts=-rng.integers(-3, 23, CHANNELS),
        low=low,
        high=low + rng.integers(0, most, CHANNELS),
        zero_point=draw(st.integers(-128, 127)),
        minimum=minimum,
        maximum=draw(st.integers(minimum + 1, 127)),
        mode=draw(st.sampled_from([Mode.TFLM, Mode.SINGLE, Mode.RUY])),
    )


def every_sum(plain: Steps) -> Int64:
    """All sums of each channel [C, n]; the last stands for those that are missing."""
    span = int((plain.high - plain.low).max()) + 1
    return np.asarray(np.minimum(plain.low[:, None] + np.arange(span), plain.high[:, None]))


def other_form(plain: Steps, lines: Lines, sums: Int64) -> Int64:
    wide = FACTOR * sums + lines.biases[:, None]
    assert (np.abs(wide[lines.solved]) < 2**31).all()
    return np.asarray(np.clip((wide * lines.multipliers[:, None]) >> SHIFT, plain.minimum, plain.maximum))


@given(layers(3000))
def test_both_forms_are_equal_for_all_sums_of_every_channel_that_has_one(plain: Steps) -> None:
    lines, sums = solve(plain), every_sum(plain)
    different = (other_form(plain, lines, sums) != plain(sums)).any(axis=1)
    assert not (different & lines.solved).any()


@given(layers(3000))
def test_a_threshold_is_the_first_sum_that_reaches_its_output(plain: Steps) -> None:
    outputs = plain(every_sum(plain))
    for channel, found in enumerate(thresholds(plain)):
        for wanted, first in enumerate(found, plain.minimum + 1):
            reached = np.flatnonzero(outputs[channel] >= wanted)
            assert first == (plain.low[channel] + reached[0] if reached.size else plain.high[channel] + 1)


@given(layers(2**21))
def test_sums_beside_the_thresholds_are_where_forms_could_differ(plain: Steps) -> None:
    lines = solve(plain)
    rng = np.random.default_rng(0)
    drawn = rng.integers(plain.low[:, None], plain.high[:, None] + 1, (CHANNELS, 2000))
    different = (other_form(plain, lines, drawn) != plain(drawn)).any(axis=1)
    assert not (different & lines.solved).any()


def relu(shift: int) -> Steps:
    return Steps(
        multipliers=np.linspace(2**30, 2**31 - 1, 64).astype(np.int64),
        shifts=np.full(64, -shift),
        low=np.full(64, -(2**17)),
        high=np.full(64, 2**17),
        zero_point=-128,
        minimum=-128,
        maximum=127,
    )


@pytest.mark.parametrize("shift", range(5, 15))
def test_channels_whose_clamp_hides_the_sign_have_a_line(shift: int) -> None:
    assert solve(relu(shift)).solved.mean() > 0.95


def test_a_bias_moved_by_a_whole_sum_is_not_proved() -> None:
    plain = relu(9)
    lines = solve(plain)
    moved = Lines(lines.biases + FACTOR, lines.multipliers, lines.solved)
    assert not proved(plain, thresholds(plain), moved).any()


def test_a_threshold_that_is_none_proves_nothing() -> None:
    plain = relu(9)
    inside = thresholds(plain)
    inside[:, 100] += 1
    assert not proved(plain, inside, solve(plain)).any()


@st.composite
def moved_layers(draw: st.DrawFn) -> tuple[Steps, int]:
    """Channels whose clamp has one of int8's ends alone, and what moves its other end to int8's."""
    plain, end = draw(layers(3000)), draw(st.integers(0, 126))
    low, high = draw(st.sampled_from([(-128, end), (-end, 127)]))
    hidden = replace(plain, zero_point=draw(st.integers(-128, low)), minimum=low, maximum=high)
    return hidden, -1 - low - high


@given(moved_layers())
def test_moved_lines_saturate_at_both_ends_of_the_clamp_for_all_sums(given_layer: tuple[Steps, int]) -> None:
    """What SSAT and QSUB8 make of every sum of every channel that has a line."""
    plain, moved = given_layer
    lines, sums = solve(plain, moved), every_sum(plain)
    assert lines.moved == moved
    wide = FACTOR * sums + lines.biases[:, None]
    saturated = np.clip((wide * lines.multipliers[:, None]) >> SHIFT, -128, 127)
    different = (np.clip(saturated - moved, -128, 127) != plain(sums)).any(axis=1)
    assert not (different & lines.solved).any()


@pytest.mark.parametrize(("low", "high"), [(-128, 126), (-128, 117), (-128, 50), (-128, 0), (-40, 127), (0, 127)])
@pytest.mark.parametrize("shift", [5, 9, 14])
def test_channels_have_a_line_that_is_moved_where_they_have_one(low: int, high: int, shift: int) -> None:
    plain = replace(relu(shift), zero_point=low, minimum=low, maximum=high)
    moved = -1 - low - high
    lines = solve(plain, moved)
    assert lines.solved.mean() > 0.95
    beside = replace(lines, moved=moved + 1)
    assert not proved(plain, thresholds(plain), beside).any()


@st.composite
def held_layers(draw: st.DrawFn) -> Steps:
    """Channels of any clamp whose zero point is not above its lower end."""
    plain = draw(layers(3000))
    return replace(plain, zero_point=draw(st.integers(-128, plain.minimum)))


def held_outputs(plain: Steps, lines: Lines, sums: Int64) -> Int64:
    """What USAT, UQADD8 and UXTAB make of sums, whose lowest byte is stored."""
    above = np.clip(((FACTOR * sums + lines.biases[:, None]) * lines.multipliers[:, None]) >> SHIFT, 0, 255)
    added = np.minimum(above + 255 - (plain.maximum - plain.minimum), 255) + (plain.maximum + 1) % 256
    return np.asarray((added % 256).astype(np.uint8).astype(np.int8), np.int64)


@given(held_layers())
def test_held_lines_saturate_at_both_ends_of_any_clamp_for_all_sums(plain: Steps) -> None:
    lines, sums = solve(plain, -plain.minimum, held=True), every_sum(plain)
    assert lines.held
    different = (held_outputs(plain, lines, sums) != plain(sums)).any(axis=1)
    assert not (different & lines.solved).any()


@pytest.mark.parametrize(
    ("low", "high"), [(-127, 126), (-120, 100), (-100, 99), (0, 50), (-128, -28), (-128, -127), (1, 127), (-128, 127)]
)
@pytest.mark.parametrize("shift", [5, 9, 14])
def test_channels_have_a_line_that_is_held_whatever_the_clamp(low: int, high: int, shift: int) -> None:
    plain = replace(relu(shift), zero_point=low, minimum=low, maximum=high)
    lines = solve(plain, -low, held=True)
    assert lines.solved.mean() > 0.95
    beside = replace(lines, moved=1 - low)
    assert not proved(plain, thresholds(plain), beside).any()


def test_few_outputs_beside_the_lower_end_have_a_line_that_is_held_alone() -> None:
    """Layer 23 of vww_96_int8, channel 15: 256 times its sums and a bias for outputs of -117 leave int32."""
    one = relu(16)
    multiplier, shift, low, high = np.array([[1941314197], [-16], [810889], [939409]])
    plain = replace(one, multipliers=multiplier, shifts=shift, low=low, high=high)
    assert not solve(plain).solved.any()
    assert solve(plain, 128, held=True).solved.all()
