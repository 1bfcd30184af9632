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
    "block of 1 clamped": 45.0,
    "block of 1 line": 26.4,
    "block of 1 scaled": 30.0,
    "block of 1 signed": 35.0,
    "block of 2 clamped": 62.0,
    "block of 2 line": 29.9,
    "block of 2 scaled": 40.0,
    "block of 2 signed": 53.3,
    "block of 3 clamped": 74.0,
    "block of 3 line": 50.6,
    "block of 3 scaled": 60.0,
    "block of 3 signed": 74.3,
    "block of pairs": 60.0,
    "channel of a pair": 12.0,
    "channel row": 26.3,
    "clamped output": 4.0,
    "column group": 14.3,
    "column input": 4.0,
    "copied group": 13.5,
    "dense group": 14.3,
    "edge group": 109.1,
    "edge one": 36.8,
    "edge two": 48.1,
    "group of 1 pair": 13.0,
    "group of 2 pairs": 22.0,
    "inner": 1.0,
    "known block of 1 clamped": 39.0,
    "known block of 1 line": 21.0,
    "known block of 1 scaled": 24.0,
    "known block of 1 signed": 29.0,
    "known block of 2 clamped": 54.0,
    "known block of 2 line": 23.0,
    "known block of 2 scaled": 32.0,
    "known block of 2 signed": 45.0,
    "known block of 3 clamped": 58.0,
    "known block of 3 line": 30.0,
    "known block of 3 scaled": 44.0,
    "known block of 3 signed": 58.0,
    "joint_copied group": 7.0,
    "lane sums": 26.5,
    "lane sums read": 1.3,
    "line channel row": 30.5,
    "line edge one": 25.3,
    "line edge two": 38.3,
    "line middle one": 20.9,
    "line middle two": 31.0,
    "line row of five": 106.0,
    "middle one": 30.0,
    "middle two": 42.3,
    "pair of channels": 9.8,
    "patch": 140.0,
    "patch call": 100.0,
    "patch group": 16.0,
    "patch tap": 28.0,
    "pointwise group": 7.6,
    "runs group": 11.3,
    "taps group": 17.6,
    "turned block": 60.0,
    "turned element": 3.3,
}
