"""MobileNetV3-Small: Howard and others, "Searching for MobileNetV3" (2019), table 2.

Its 1x1 convolution to 576 channels has no squeeze-and-excite here, though the table ticks one: the parameters that the
paper prints, 2.5 million, leave no room for it, and the authors' own code has none.
"""

from typing import Final

from depthwise.codegen.operators import Activation

from .spec import Architecture, Block, BlockKind, divisible

SQUEEZED, PLAIN = True, False
# Kernel, expanded channels, channels, stride, squeeze-and-excite, hard swish in place of RELU.
STAGES: Final = (
    (3, 16, 16, 2, SQUEEZED, False),
    (3, 72, 24, 2, PLAIN, False),
    (3, 88, 24, 1, PLAIN, False),
    (5, 96, 40, 2, SQUEEZED, True),
    (5, 240, 40, 1, SQUEEZED, True),
    (5, 240, 40, 1, SQUEEZED, True),
    (5, 120, 48, 1, SQUEEZED, True),
    (5, 144, 48, 1, SQUEEZED, True),
    (5, 288, 96, 2, SQUEEZED, True),
    (5, 576, 96, 1, SQUEEZED, True),
    (5, 576, 96, 1, SQUEEZED, True),
)
STEM: Final = 16
LAST: Final = 576
DENSE: Final = 1024
SQUEEZE: Final = 4  # channels to one of the inner ones of squeeze-and-excite


def mobilenet_v3_small(
    alpha: float = 1.0, resolution: int = 224, classes: int = 1000, image_channels: int = 3
) -> Architecture:
    """MobileNetV3-Small for square images; the last fully connected layer is widened by α alone, never narrowed."""
    blocks = [Block(BlockKind.CONV, divisible(STEM * alpha), stride=(2, 2), hard_swish=True)]
    for kernel, hidden, channels, stride, squeezed, swish in STAGES:
        inner = divisible(hidden * alpha)
        blocks.append(
            Block(
                BlockKind.BOTTLENECK,
                divisible(channels * alpha),
                (kernel, kernel),
                stride=(stride, stride),
                activation=Activation.RELU,
                hard_swish=swish,
                hidden=inner,
                squeeze=divisible(inner / SQUEEZE) if squeezed else 0,
                residual=True,
            )
        )
    blocks.append(Block(BlockKind.CONV, divisible(LAST * alpha), kernel=(1, 1), hard_swish=True))
    name = f"mobilenet_v3_small_{alpha:g}_{resolution}"
    image = (resolution, resolution, image_channels)
    return Architecture(name, image, classes, blocks=tuple(blocks), dense=(divisible(DENSE * max(alpha, 1.0)),))
