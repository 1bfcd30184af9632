"""Cortex-M4 cycles of the general kernels' events."""

from collections.abc import Mapping
from typing import Final

CYCLES: Final[Mapping[str, float]] = {
    "average_pool_2d element": 36.4,
    "average_pool_2d_sums read": 8.3,
    "average_pool_2d_sums update": 26.5,
    "conv_2d_border element": 44.4,
    "conv_2d_border mac": 6.2,
    "depthwise_conv_2d element": 33.3,
    "depthwise_conv_2d mac": 18.1,
    "max_pool_2d element": 46.6,
    "mean element": 14.6,
    "pad element": 1.9,
    "quantize element": 15.1,
    "relu element": 9.4,
    "softmax element": 166.9,
}
