"""Cortex-M4 cycles of the DSP kernels' events."""

from collections.abc import Mapping
from typing import Final

# Cycles of a group of four inputs and two channels by pixels of a block; weights as bytes, and two or one in a lane.
GROUP: Final = {1: 13.0, 2: 19.0, 3: 26.0}
LANES_GROUP: Final = {1: 11.0, 2: 17.0, 3: 24.0}
# From one round of a loop to the next, and where its end is kept in a register.
LOOP: Final = 6
KEPT_LOOP: Final = 4

CYCLES: Final[Mapping[str, float]] = {
    "block of 1 clamped": 49.1,
    "block of 1 line": 28.1,
    "block of 1 scaled": 30.0,
    "block of 1 signed": 44.7,
    "block of 2 clamped": 76.0,
    "block of 2 line": 34.2,
    "block of 2 scaled": 40.0,
    "block of 2 signed": 58.4,
    "block of 3 clamped": 106.5,
    "block of 3 line": 53.6,
    "block of 3 scaled": 60.0,
    "block of 3 signed": 84.9,
    "block of pairs": 67.8,
    "channel of a pair": 12.7,
    "channel row": 25.0,
    "clamped output": 4.4,
    "column group": 10.6,
    "column input": 3.0,
    "copied group": 13.5,
    "dense group": 14.3,
    "edge group": 67.8,
    "edge one": 36.5,
    "edge two": 53.0,
    "group of 1 pair": 14.3,
    "group of 2 pairs": 21.5,
    "inner": 1.0,
    "known block of 1 clamped": 38.9,
    "known block of 1 line": 21.1,
    "known block of 1 scaled": 24.0,
    "known block of 1 signed": 27.3,
    "known block of 2 clamped": 54.6,
    "known block of 2 line": 18.0,
    "known block of 2 scaled": 32.0,
    "known block of 2 signed": 38.4,
    "known block of 3 clamped": 79.4,
    "known block of 3 line": 29.0,
    "known block of 3 scaled": 45.8,
    "known block of 3 signed": 55.7,
    "joint_copied group": 7.0,
    "lane sums": 26.6,
    "lane sums read": 1.2,
    "line channel row": 29.3,
    "line edge one": 31.1,
    "line edge two": 38.5,
    "line middle one": 20.8,
    "line middle two": 30.2,
    "line row of five": 103.7,
    "middle one": 32.1,
    "middle two": 45.3,
    "pair of channels": 10.6,
    "pointwise group": 8.9,
    "runs group": 13.6,
    "taps group": 17.6,
    "turned block": 59.4,
    "turned element": 2.6,
}
