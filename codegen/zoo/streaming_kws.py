"""Keyword spotting step by step: separable convolutions over time that remember what they have seen.

Rybakov and others, "Streaming keyword spotting on mobile devices" (2020); microWakeWord's networks are made so.
"""

from typing import Final

from depthwise.codegen.operators import Activation

from .spec import Architecture, Block, BlockKind, scaled

CHANNELS: Final = 64
FEATURES: Final = 40  # of a step: the energies of a spectrum
STEM: Final = 5
KERNELS: Final = (5, 9, 13, 21)  # steps of time that a block sees; together 46 before this one


def streaming_kws(alpha: float = 1.0, classes: int = 12, features: int = FEATURES) -> Architecture:
    """A row [1, 1, features] for each step; a convolution over 5 steps, then four separable ones over 5 to 21."""
    width = scaled(CHANNELS, alpha)
    stem = Block(BlockKind.CONV, width, (STEM, 1), activation=Activation.RELU)
    blocks = tuple(Block(BlockKind.SEPARABLE, width, (steps, 1), activation=Activation.RELU) for steps in KERNELS)
    return Architecture(f"streaming_kws_{alpha:g}", (1, 1, features), classes, blocks=(stem, *blocks), streaming=True)
