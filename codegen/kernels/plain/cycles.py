"""Cortex-M4 cycles of the plain kernels' events."""

from collections.abc import Mapping
from typing import Final

CYCLES: Final[Mapping[str, float]] = {
    "tap": 10.5,
    "tap of 1 channel": 20.1,
    "tap of 2 channels": 19.4,
}
