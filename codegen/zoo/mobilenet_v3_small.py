"""Like MobileNetV3-Small: Howard and others, "Searching for MobileNetV3" (2019), table 2, in our operators."""

from typing import Final

from depthwise.codegen.operators import Activation

from .spec import Architecture, Block, BlockKind, divisible

# Kernel, expanded channels, channels, stride; hard swish (replaced by RELU6) or RELU.
STAGES: Final = (
    (3, 16, 16, 2, Activation.RELU),
    (3, 72, 24, 2, Activation.RELU),
    (3, 88, 24, 1, Activation.RELU),
    (5, 96, 40, 2, Activation.RELU6),
    (5, 240, 40, 1, Activation.RELU6),
    (5, 240, 40, 1, Activation.RELU6),
    (5, 120, 48, 1, Activation.RELU6),
    (5, 144, 48, 1, Activation.RELU6),
    (5, 288, 96, 2, Activation.RELU6),
    (5, 576, 96, 1, Activation.RELU6),
    (5, 576, 96, 1, Activation.RELU6),
)
STEM: Final = 16
LAST: Final = 576
DENSE: Final = 1024
NOTE: Final = "no squeeze-and-excite, RELU6 instead of hard swish: our operators have neither"


def mobilenet_v3_small(
    alpha: float = 1.0, resolution: int = 224, classes: int = 1000, image_channels: int = 3
) -> Architecture:
    """The blocks of MobileNetV3-Small for square images."""
    blocks = [Block(BlockKind.CONV, divisible(STEM * alpha), stride=(2, 2))]
    for kernel, hidden, channels, stride, activation in STAGES:
        width, inner = divisible(channels * alpha), divisible(hidden * alpha)
        steps, size = (stride, stride), (kernel, kernel)
        blocks.append(
            Block(BlockKind.BOTTLENECK, width, size, stride=steps, activation=activation, hidden=inner, residual=True)
        )
    blocks.append(Block(BlockKind.CONV, divisible(LAST * alpha), kernel=(1, 1)))
    dense = divisible(DENSE * max(alpha, 1.0))
    name = f"mobilenet_v3_small_{alpha:g}_{resolution}"
    image = (resolution, resolution, image_channels)
    return Architecture(name, image, classes, blocks=tuple(blocks), dense=(dense,), note=NOTE)
