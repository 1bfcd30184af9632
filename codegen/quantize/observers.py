"""What values a tensor takes, seen batch by batch in bounded memory, and the range that an int8 scale should span.

A histogram's bins are anchored at zero and their width is a power of two. When a value lies outside, bins are
merged in pairs, which is exact, so the order of batches does not matter.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Array

HALF_BINS: Final = 4096
LEAST_WIDTH: Final = 2.0**-60
PERCENTILE: Final = 99.99
LEVELS: Final = 255
SHRINKS: Final[NDArray[np.float64]] = np.linspace(1.0, 0.1, 181)

Float64 = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ValueRange:
    """Least and greatest real value that an int8 tensor can hold; zero lies between."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts of values in 2·HALF_BINS bins from −HALF_BINS·width, and their true ends."""

    width: float
    counts: Counts
    low: float
    high: float


EMPTY: Final = Histogram(LEAST_WIDTH, np.zeros(2 * HALF_BINS, np.int64), 0.0, 0.0)


def observed(histogram: Histogram, values: Array) -> Histogram:
    """The histogram with more values, all finite."""
    low, high = min(histogram.low, float(values.min())), max(histogram.high, float(values.max()))
    grown = _reaching(histogram, max(-low, high))
    scaled = values.reshape(-1).astype(np.float32) * np.float32(1 / grown.width)
    bins = np.floor(scaled).astype(np.int64) + HALF_BINS
    counts = np.bincount(np.clip(bins, 0, 2 * HALF_BINS - 1), minlength=2 * HALF_BINS)
    return Histogram(grown.width, grown.counts + counts, low, high)


def _reaching(histogram: Histogram, furthest: float) -> Histogram:
    if not histogram.counts.any() and furthest > HALF_BINS * histogram.width:
        return replace(histogram, width=2.0 ** math.ceil(math.log2(furthest / HALF_BINS)))
    while furthest > HALF_BINS * histogram.width:
        merged = histogram.counts.reshape(-1, 2).sum(axis=1)
        counts = np.pad(merged, HALF_BINS // 2)
        histogram = replace(histogram, width=2 * histogram.width, counts=counts)
    return histogram


def minmax(histogram: Histogram) -> ValueRange:
    """Everything that was seen."""
    return ValueRange(histogram.low, histogram.high)


def percentile(histogram: Histogram) -> ValueRange:
    """What is left when the outermost 0.01 % of all values are cut off, half of them at each end."""
    total = int(histogram.counts.sum())
    cut = total * (1 - PERCENTILE / 100) / 2
    below = np.cumsum(histogram.counts)
    edges = (np.arange(2 * HALF_BINS + 1) - HALF_BINS) * histogram.width
    low = edges[int(np.searchsorted(below, cut, "right"))]
    high = edges[int(np.searchsorted(below, total - cut, "left")) + 1]
    return ValueRange(min(max(float(low), histogram.low), 0.0), max(min(float(high), histogram.high), 0.0))


def least_error(histogram: Histogram) -> ValueRange:
    """The ends with the least mean squared error: of rounding inside (step²/12), of clipping outside."""
    centres: Float64 = (np.arange(2 * HALF_BINS, dtype=np.float64) - HALF_BINS + 0.5) * histogram.width
    rounded = int(histogram.counts.sum() - histogram.counts[HALF_BINS])
    lows, highs = histogram.low * SHRINKS, histogram.high * SHRINKS
    below = _clipping(centres, histogram.counts, lows, -1)
    above = _clipping(centres, histogram.counts, highs, 1)
    steps = (highs[None, :] - lows[:, None]) / LEVELS
    error = below[:, None] + above[None, :] + rounded * steps**2 / 12
    at = np.unravel_index(int(error.argmin()), error.shape)
    return ValueRange(float(lows[at[0]]), float(highs[at[1]]))


def _clipping(centres: Float64, counts: Counts, ends: Float64, side: int) -> Float64:
    """Squared error of all values beyond each end, on one side of zero: Σ (x − end)², by sums of 1, x and x²."""
    order = slice(None, None, side)
    values, weights = side * centres[order], counts[order].astype(np.float64)
    zeroth, first, second = (np.append(np.cumsum((weights * values**power)[::-1])[::-1], 0.0) for power in (0, 1, 2))
    limits = side * ends
    at = np.searchsorted(values, limits, "right")
    return np.asarray(np.maximum(second[at] - 2 * limits * first[at] + limits**2 * zeroth[at], 0.0))


CALIBRATIONS: Final[Mapping[str, Callable[[Histogram], ValueRange]]] = {
    "minmax": minmax,
    "percentile": percentile,
    "mse": least_error,
}
