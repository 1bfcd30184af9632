"""Like ShuffleNet: Zhang and others, "ShuffleNet" (2017), table 1, in our operators."""

from collections.abc import Mapping
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.operators import Activation

from .spec import Architecture, Block, BlockKind, scaled

# Channels of the first stage for each number of groups; the next two stages double them.
FIRST: Final[Mapping[int, int]] = {1: 144, 2: 200, 3: 240, 4: 272, 8: 384}
UNITS: Final = (4, 8, 4)
STEM: Final = 24
NOTE: Final = "strided units without the pooled shortcut"


def shufflenet(
    alpha: float = 1.0, resolution: int = 224, classes: int = 1000, image_channels: int = 3, groups: int = 3
) -> Architecture:
    """Three stages of shuffle units for square images. Raises InputError for groups that the paper has not."""
    if groups not in FIRST:
        raise InputError(f"there are no channels for {groups} groups", f"take one of {', '.join(map(str, FIRST))}")
    relu, two = Activation.RELU, (2, 2)
    blocks = [Block(BlockKind.CONV, STEM, stride=two, activation=relu), Block(BlockKind.POOL, STEM, stride=two)]
    step = 4 * groups
    for stage, units in enumerate(UNITS):
        width = max(round(scaled(FIRST[groups], alpha) * 2**stage / step), 1) * step
        for at in range(units):
            stride = two if at == 0 else (1, 1)
            blocks.append(
                Block(
                    BlockKind.SHUFFLE,
                    width,
                    (3, 3),
                    stride=stride,
                    activation=relu,
                    hidden=width // 4,
                    residual=True,
                    groups=groups,
                )
            )
    name = f"shufflenet_{alpha:g}_g{groups}_{resolution}"
    return Architecture(name, (resolution, resolution, image_channels), classes, blocks=tuple(blocks), note=NOTE)
