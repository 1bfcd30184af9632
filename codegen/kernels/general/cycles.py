"""Cortex-M4 cycles of the general kernels' events."""

from collections.abc import Mapping
from typing import Final

CYCLES: Final[Mapping[str, float]] = {
    "arg_max element": 11.5,
    "average_pool_2d element": 19.0,
    "average_pool_2d_sums read": 8.4,
    "average_pool_2d_sums update": 26.4,
    "average_pool_2d tap": 13.5,
    "average_pool_2d tap at a border": 19.7,
    "conv_2d_border element": 44.4,
    "conv_2d_border mac": 6.2,
    "depthwise_conv_2d element": 26.4,
    "depthwise_conv_2d mac": 18.6,
    "log_softmax element": 114.1,
    "max_pool_2d element": 1.0,
    "max_pool_2d tap": 10.8,
    "max_pool_2d tap at a border": 18.5,
    "mean element": 14.5,
    "pad element": 1.9,
    "prelu element": 17.8,
    "quantize element": 15.0,
    "relu element": 9.3,
    "softmax element": 168.1,
    "table element": 2.4,
}
