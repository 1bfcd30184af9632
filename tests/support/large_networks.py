"""Networks as large as detectors are: inverted residual blocks by the dozen, heads on branches of two scales."""

from typing import Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation, MaxPool2D
from tests.support.network_builder import ONE, Builder, Pair

TWO: Final = (2, 2)
BLOCK_NODES: Final = 4  # expand, depthwise, project, add
STRIDED: Final = (1, 3, 6)  # blocks that halve the image, behind a stem that does
HEAD_NODES: Final = 2
BRANCH_NODES: Final = 5
CHANNELS: Final = (8, 12, 16, 24)


def detector(layers: int, side: int = 96, *, seed: int = 0, branch: bool = False) -> Graph:
    """A MobileNetV2 with the head of a detector, of exactly `layers` layers, for a square image of three channels.

    With `branch` the rows of an early scale go to the last one beside the trunk and are added there, as in a feature
    pyramid read from below.
    """
    build = Builder(seed)
    trunk = [build.conv(build.input(1, side, side, 3), CHANNELS[0], (3, 3), TWO)]
    spare = layers - HEAD_NODES - (BRANCH_NODES if branch else 0)
    while len(build.nodes) + BLOCK_NODES <= spare:
        trunk.append(_block(build, trunk[-1], len(trunk)))
    while len(build.nodes) < spare:
        trunk.append(build.depthwise(trunk[-1]))
    last = _joined(build, trunk[STRIDED[-1] - 1], trunk[-1]) if branch else trunk[-1]
    return build.finish(f"detector_{layers}", _head(build, last))


def _block(build: Builder, x: int, number: int) -> int:
    """An inverted residual block, with a sum where its input has the shape of its output."""
    channels = CHANNELS[sum(number >= at for at in STRIDED)]
    stride: Pair = TWO if number in STRIDED else ONE
    wide = build.conv(x, build.shape(x)[3] * 6, (1, 1))
    narrow = build.conv(build.depthwise(wide, stride=stride), channels, (1, 1), activation=Activation.NONE)
    return build.add(x, narrow) if build.shape(x) == build.shape(narrow) else narrow


def _joined(build: Builder, early: int, late: int) -> int:
    """Rows of an earlier scale beside those of a later one, halved until they fit."""
    side = build.conv(build.depthwise(early), build.shape(late)[3], (1, 1))
    side = build.pool(side, MaxPool2D, same=True)
    return build.conv(build.add(side, late), build.shape(late)[3], (1, 1))


def _head(build: Builder, x: int) -> int:
    """Scores of every cell."""
    return build.conv(build.conv(x, 32, (1, 1)), 6, (1, 1), activation=Activation.NONE)
