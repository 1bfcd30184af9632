"""Networks of MAXIMUM and MINIMUM, whose kernels take four elements at a time and then the rest."""

import numpy as np

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Maximum, Minimum
from tests.support.arithmetic_networks import joined
from tests.support.network_builder import Builder


def extreme_chain(width: int, channels: int) -> Graph:
    """Two tensors; then constants of each channel, and of each pixel, on either side."""
    build = Builder(width)
    x = joined(build, Maximum(), build.input(1, 4, width, channels), build.input(1, 4, width, channels))
    for shape, op, first in (
        ((1, 1, 1, channels), Minimum(), False),
        ((1, 1, 1, channels), Maximum(), True),
        ((1, 4, width, 1), Minimum(), True),
        ((1, 4, width, 1), Maximum(), False),
    ):
        values = build.rng.integers(-128, 128, shape).astype(np.int8)
        y = build.constant(values, build.quantization(x))
        x = joined(build, op, *((y, x) if first else (x, y)))
    return build.finish(f"extremes{width}", x)
