"""MobileNetV2: Sandler and others, "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), table 2."""

from typing import Final

from .spec import Architecture, Block, BlockKind, divisible

# Expansion, channels, repetitions, stride of the first of them.
STAGES: Final = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
STEM: Final = 32
LAST: Final = 1280


def mobilenet_v2(
    alpha: float = 1.0, resolution: int = 224, classes: int = 1000, image_channels: int = 3
) -> Architecture:
    """MobileNetV2 for square images; the last convolution is widened by α alone, never narrowed."""
    before = divisible(STEM * alpha)
    blocks = [Block(BlockKind.CONV, before, stride=(2, 2))]
    for expansion, channels, repeated, stride in STAGES:
        width = divisible(channels * alpha)
        for at in range(repeated):
            steps = (stride, stride) if at == 0 else (1, 1)
            hidden = before * expansion
            blocks.append(Block(BlockKind.BOTTLENECK, width, stride=steps, hidden=hidden, residual=True))
            before = width
    blocks.append(Block(BlockKind.CONV, divisible(LAST * max(alpha, 1.0)), kernel=(1, 1)))
    name = f"mobilenet_v2_{alpha:g}_{resolution}"
    return Architecture(name, (resolution, resolution, image_channels), classes, blocks=tuple(blocks))
