"""EfficientNet-Lite0: Tan and Le, "EfficientNet" (2019), table 1, without squeeze-and-excite and with RELU6.

The changes are those of its authors (tensorflow/tpu, models/official/efficientnet/lite): stem and last convolution
keep their width whatever the multiplier.
"""

from typing import Final

from .spec import Architecture, Block, BlockKind, divisible

# Kernel, expansion, channels, repetitions, stride of the first of them.
STAGES: Final = (
    (3, 1, 16, 1, 1),
    (3, 6, 24, 2, 2),
    (5, 6, 40, 2, 2),
    (3, 6, 80, 3, 2),
    (5, 6, 112, 3, 1),
    (5, 6, 192, 4, 2),
    (3, 6, 320, 1, 1),
)
STEM: Final = 32
LAST: Final = 1280


def efficientnet_lite0(
    alpha: float = 1.0, resolution: int = 224, classes: int = 1000, image_channels: int = 3
) -> Architecture:
    """EfficientNet-Lite0 for square images."""
    before = STEM
    blocks = [Block(BlockKind.CONV, before, stride=(2, 2))]
    for kernel, expansion, channels, repeated, stride in STAGES:
        width = divisible(channels * alpha)
        for at in range(repeated):
            steps, hidden = (stride, stride) if at == 0 else (1, 1), before * expansion
            blocks.append(
                Block(BlockKind.BOTTLENECK, width, (kernel, kernel), stride=steps, hidden=hidden, residual=True)
            )
            before = width
    blocks.append(Block(BlockKind.CONV, LAST, kernel=(1, 1)))
    name = f"efficientnet_lite0_{alpha:g}_{resolution}"
    return Architecture(name, (resolution, resolution, image_channels), classes, blocks=tuple(blocks))
