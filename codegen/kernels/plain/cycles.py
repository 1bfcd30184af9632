"""Cortex-M4 cycles of the plain kernels' events."""

from collections.abc import Mapping
from typing import Final

CYCLES: Final[Mapping[str, float]] = {
    "tap": 18.7,
    "tap of 1 channel": 19.8,
    "tap of 4 channels": 21.6,
}
