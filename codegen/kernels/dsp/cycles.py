"""Cortex-M4 cycles of the DSP kernels' events."""

from collections.abc import Mapping
from typing import Final

# Cycles of a group of four inputs and two channels by pixels of a block; int8 weights, and int16 ones.
GROUP: Final = {1: 13.0, 2: 19.0, 3: 26.0}
INT16_GROUP: Final = {1: 11.0, 2: 17.0, 3: 24.0}
LOOP_GROUPS: Final = 8

CYCLES: Final[Mapping[str, float]] = {
    "block of pairs": 60.0,
    "channel of a pair": 12.0,
    "channel row": 26.3,
    "clamped output": 4.0,
    "dense group": 14.3,
    "edge group": 111.9,
    "edge one": 36.8,
    "edge two": 48.1,
    "group of 1 pair": 13.0,
    "group of 2 pairs": 22.0,
    "inner": 1.0,
    "middle one": 30.0,
    "middle two": 42.3,
    "pair of 1 clamped": 53.5,
    "pair of 1 scaled": 42.2,
    "pair of 1 signed": 50.1,
    "pair of 2 clamped": 59.5,
    "pair of 2 scaled": 36.0,
    "pair of 2 signed": 43.3,
    "pair of 3 clamped": 84.1,
    "pair of 3 scaled": 65.4,
    "pair of 3 signed": 80.3,
    "pointwise group": 9.6,
    "runs group": 12.7,
    "taps group": 17.6,
    "turned block": 60.0,
    "turned element": 3.3,
}
