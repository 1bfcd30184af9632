"""Cortex-M4 cycles of the DSP kernels' events."""

from collections.abc import Mapping
from typing import Final

# Cycles of a group of four inputs and two channels by pixels of a block; int8 weights, and int16 ones.
GROUP: Final = {1: 13.0, 2: 19.0, 3: 26.0}
INT16_GROUP: Final = {1: 11.0, 2: 17.0, 3: 24.0}
LOOP_GROUPS: Final = 8

CYCLES: Final[Mapping[str, float]] = {
    "add_dsp element": 7.5,
    "channel row": 50.1,
    "dense group": 13.3,
    "edge group": 108.8,
    "edge one": 38.5,
    "edge two": 50.4,
    "inner": 1.0,
    "middle one": 29.5,
    "middle two": 42.1,
    "pair of 1 clamped": 53.4,
    "pair of 1 scaled": 48.5,
    "pair of 1 signed": 44.7,
    "pair of 2 clamped": 24.4,
    "pair of 2 scaled": 37.0,
    "pair of 2 signed": 38.8,
    "pair of 3 clamped": 76.0,
    "pair of 3 scaled": 68.3,
    "pair of 3 signed": 84.7,
    "pointwise group": 7.4,
    "runs group": 11.4,
    "taps group": 17.3,
}
