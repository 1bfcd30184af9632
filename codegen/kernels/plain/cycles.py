"""Cortex-M4 cycles of the plain kernels' events."""

from collections.abc import Mapping
from typing import Final

CYCLES: Final[Mapping[str, float]] = {
    "tap": 17.4,
    "tap of 1 channel": 20.8,
    "tap of 4 channels": 22.5,
}
