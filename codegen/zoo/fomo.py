"""FOMO: classes of each cell of 8x8 pixels, by a MobileNetV2 that is cut where it has shrunk the image eightfold.

As Edge Impulse builds it: the trunk ends with the first expansion at that size, then 1x1 convolutions to 32 channels
and to the classes, the first of which is the background.
"""

from typing import Final

from depthwise.codegen.operators import Activation

from .mobilenet_v2 import STAGES, STEM
from .spec import Architecture, Block, BlockKind, Head, divisible

TRUNK: Final = 3  # stages, of strides 1, 2 and 2 behind a stem of 2
HEAD: Final = 32


def fomo(alpha: float = 1.0, resolution: int = 96, classes: int = 2, image_channels: int = 3) -> Architecture:
    """FOMO for square images; scores are [resolution / 8, resolution / 8, classes]."""
    before = divisible(STEM * alpha)
    blocks = [Block(BlockKind.CONV, before, stride=(2, 2))]
    for expansion, channels, repeated, stride in STAGES[:TRUNK]:
        width = divisible(channels * alpha)
        for at in range(repeated):
            steps, hidden = (stride, stride) if at == 0 else (1, 1), before * expansion
            blocks.append(Block(BlockKind.BOTTLENECK, width, stride=steps, hidden=hidden, residual=True))
            before = width
    blocks.append(Block(BlockKind.CONV, before * STAGES[TRUNK][0], kernel=(1, 1)))
    blocks.append(Block(BlockKind.CONV, HEAD, kernel=(1, 1), activation=Activation.RELU))
    image = (resolution, resolution, image_channels)
    return Architecture(f"fomo_{alpha:g}_{resolution}", image, classes, blocks=tuple(blocks), head=Head.CELLS)
