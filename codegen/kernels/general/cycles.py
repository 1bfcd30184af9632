"""Cortex-M4 cycles of the general kernels' events."""

from collections.abc import Mapping
from typing import Final

CYCLES: Final[Mapping[str, float]] = {
    "average_pool_2d element": 36.0,
    "average_pool_2d_sums read": 8.4,
    "average_pool_2d_sums update": 26.4,
    "conv_2d_border element": 44.4,
    "conv_2d_border mac": 6.2,
    "depthwise_conv_2d element": 26.4,
    "depthwise_conv_2d mac": 18.6,
    "max_pool_2d element": 46.6,
    "mean element": 14.5,
    "pad element": 1.9,
    "quantize element": 15.0,
    "relu element": 9.3,
    "softmax element": 168.1,
}
