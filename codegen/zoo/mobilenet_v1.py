"""MobileNetV1: Howard and others, "MobileNets" (2017), table 1; α narrows it, ρ shrinks its image."""

from typing import Final

from .spec import Architecture, Block, BlockKind, scaled

# Channels and stride of each depthwise and pointwise pair.
PAIRS: Final = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
    (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
)  # fmt: skip
REPEATED: Final = range(6, 11)  # the five 14x14x512 pairs that the shallow network leaves out
STEM: Final = 32
LEAST: Final = 8


def mobilenet_v1(
    alpha: float = 1.0,
    resolution: int = 224,
    classes: int = 1000,
    image_channels: int = 3,
    *,
    shallow: bool = False,
) -> Architecture:
    """MobileNetV1 for square images; ρ of the paper is resolution / 224."""
    pairs = [pair for at, pair in enumerate(PAIRS) if not (shallow and at in REPEATED)]
    blocks = [
        Block(BlockKind.SEPARABLE, _width(channels, alpha), stride=(stride, stride)) for channels, stride in pairs
    ]
    stem = Block(BlockKind.CONV, _width(STEM, alpha), stride=(2, 2))
    name = f"mobilenet_v1_{alpha:g}_{resolution}{'_shallow' if shallow else ''}"
    return Architecture(name, (resolution, resolution, image_channels), classes, blocks=(stem, *blocks))


def _width(channels: int, alpha: float) -> int:
    return max(scaled(channels, alpha), LEAST)
