"""Cortex-M4 cycles of the plain kernels' events."""

from collections.abc import Mapping
from typing import Final

CYCLES: Final[Mapping[str, float]] = {
    "tap": 11.1,
    "tap of 1 channel": 16.1,
    "tap of 2 channels": 18.3,
}
