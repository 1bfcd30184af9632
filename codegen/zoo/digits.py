"""The network for the bundled digits: a MobileNet small enough to watch."""

from typing import Final

from .spec import Architecture, Block, BlockKind, scaled

# Channels, stride, residual of each depthwise and pointwise pair.
PAIRS: Final = ((16, 1, False), (32, 2, False), (32, 1, True), (48, 2, False), (64, 1, False))
STEM: Final = 8
SIDE: Final = 32


def digits(alpha: float = 1.0, resolution: int = SIDE, classes: int = 10, image_channels: int = 1) -> Architecture:
    """A strided convolution and five separable ones for square images."""
    stem = Block(BlockKind.CONV, scaled(STEM, alpha), stride=(2, 2))
    pairs = [
        Block(BlockKind.SEPARABLE, scaled(channels, alpha), stride=(stride, stride), residual=residual)
        for channels, stride, residual in PAIRS
    ]
    name = "digits" if (alpha, resolution) == (1.0, SIDE) else f"digits_{alpha:g}_{resolution}"
    return Architecture(name, (resolution, resolution, image_channels), classes, blocks=(stem, *pairs))
