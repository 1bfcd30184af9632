"""Cortex-M4 cycles of the general kernels' events."""

from collections.abc import Mapping
from typing import Final

CYCLES: Final[Mapping[str, float]] = {
    "average_pool_2d element": 22.7,
    "average_pool_2d tap at a border": 19.5,
    "average_pool_2d element inside": 3.0,
    "average_pool_2d tap": 5.8,
    "average_pool_2d_sums read": 2.1,
    "average_pool_2d_sums update": 22.8,
    "max_pool_2d element": 1.0,
    "max_pool_2d element inside": 3.0,
    "max_pool_2d tap at a border": 18.5,
    "max_pool_2d tap": 7.0,
    "move byte": 3.6,
    "move bytes": 0.8,
    "move copy": 3.1,
    "move fill": 42.0,
    "move loop": 0.0,
    "move value": 6.3,
}
