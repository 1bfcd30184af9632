"""Cases of networks that remember: SVDF, and variables that are read and assigned."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.operators import Concatenation, Relu, StridedSlice
from tests.support.conformance.case import Case
from tests.support.network_builder import Builder
from tests.support.stateful import kept, lstm, read, svdf


def _svdf(*, wide: bool) -> Callable[[Builder], int]:
    def draw(build: Builder) -> int:
        """One or two SVDF, one behind the other."""
        rng, spread = build.rng, float(build.rng.choice([0.25, 1.0, 4.0]))
        x = build.input(1, int(rng.integers(1, 20)))
        for _ in range(int(rng.integers(1, 3))):
            units, rank, steps = (int(rng.integers(1, most)) for most in (6, 4, 9))
            x = svdf(build, x, units, rank, steps, wide=wide, spread=spread)
        return x

    return draw


def _lstm(build: Builder) -> int:
    """One LSTM over few steps, batch or time in front, its cells clipped or not."""
    rng = build.rng
    x = build.input(1, int(rng.integers(1, 6)), int(rng.integers(1, 12)))
    time_major = bool(rng.integers(2))
    if time_major:
        x = build.transpose(x, 1, 0, 2)
    clip, spread = float(rng.choice([0.0, 0.0, 0.5, 4.0])), float(rng.choice([0.5, 1.0]))
    return lstm(build, x, int(rng.integers(1, 9)), clip=clip, spread=spread, time_major=time_major)


def _variables(build: Builder) -> int:
    """Sums with what earlier runs left: delays of one run or more, and a value that feeds back."""
    rng = build.rng
    shape = (1, *(int(n) for n in rng.integers(1, 6, int(rng.choice([1, 3])))))
    x, now = build.input(*shape), build.activation()
    delays = [read(build, shape, now if n else build.quantization(0)) for n in range(int(rng.integers(1, 4)))]
    total = x
    for delayed in delays:
        total = build.add(total, delayed)
    if rng.integers(2):
        total = build.relu(total, Relu, rescale=True)
    sources = [x, *delays[:-1]] if rng.integers(2) else [total] * len(delays)
    for delayed, source in zip(delays, sources, strict=True):
        # tflite-micro sets variables back to the zero point, whatever they began as.
        kept(build, delayed, source, np.full(shape, build.quantization(source).zero_point, np.int8))
    return total


def _stream(build: Builder) -> int:
    """Windows over a stream as Keras writes them: the last rows are kept, the new ones come behind them."""
    rng = build.rng
    x = build.input(1, int(rng.integers(1, 4)), 1, int(rng.integers(1, 9)))
    for _ in range(int(rng.integers(1, 3))):
        channels = build.shape(x)[3]
        before = read(build, (1, int(rng.integers(1, 5)), 1, channels), build.quantization(x))
        rows, last = build.shape(before)[1] + build.shape(x)[1], build.shape(before)[1]
        window = build.tensor((1, rows, 1, channels), build.quantization(x))
        build.node(Concatenation(1), (before, x), window)
        after = _last_rows(build, window, last)
        kept(build, before, after, np.full(build.shape(after), build.quantization(x).zero_point, np.int8))
        taps = int(rng.integers(1, rows + 1))
        if rng.integers(2):
            x = build.conv(window, channels=int(rng.integers(1, 6)), kernel=(taps, 1), same=False)
        else:
            x = build.depthwise(window, kernel=(taps, 1), same=False)
    return x


def _last_rows(build: Builder, x: int, count: int) -> int:
    """STRIDED_SLICE of the last rows."""
    begin, end, strides = (0, -count, 0, 0), (0, 0, 0, 0), (1, 1, 1, 1)
    constants = [build.constant(np.array(values, np.int32)) for values in (begin, end, strides)]
    _, _, width, channels = build.shape(x)
    op = StridedSlice(begin, end, strides, begin_mask=0b1101, end_mask=0b1111, shrink_axis_mask=0)
    return build.node(op, (x, *constants), build.tensor((1, count, width, channels), build.quantization(x)))


CASES: Final[dict[str, Case]] = {
    "SVDF": Case(_svdf(wide=False)),
    "SVDF int16": Case(_svdf(wide=True)),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": Case(_lstm),
    "ASSIGN_VARIABLE": Case(_variables),
    "ASSIGN_VARIABLE stream": Case(_stream),
}
