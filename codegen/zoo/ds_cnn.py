"""DS-CNN for keyword spotting: Zhang and others, "Hello Edge" (2017), as MLPerf Tiny trains it."""

from typing import Final

from depthwise.codegen.operators import Activation

from .spec import Architecture, Block, BlockKind, scaled

CHANNELS: Final = 64
FRAMES: Final = (49, 10)  # 49 steps of time, 10 cepstral coefficients
BLOCKS: Final = 4


def ds_cnn(alpha: float = 1.0, classes: int = 12, frames: tuple[int, int] = FRAMES) -> Architecture:
    """A 10x4 convolution over time and frequency, then four separable ones."""
    width = scaled(CHANNELS, alpha)
    stem = Block(BlockKind.CONV, width, (10, 4), stride=(2, 2), activation=Activation.RELU)
    pair = Block(BlockKind.SEPARABLE, width, activation=Activation.RELU)
    return Architecture(f"ds_cnn_{alpha:g}", (*frames, 1), classes, blocks=(stem, *[pair] * BLOCKS))
