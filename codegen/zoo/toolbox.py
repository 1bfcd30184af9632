"""The small-network toolbox: each technique a function from architecture to architecture.

The techniques are those Iandola and Keutzer name in "Small Neural Nets Are Beautiful" (2017): no fully connected
layers, kernel reduction, channel reduction, evenly spaced downsampling, depthwise separable convolutions, shuffle.
Distillation changes how a network is trained; pruning (`prune.py`) works on one that has weights.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from .spec import Architecture, Block, BlockKind, Head

FULL: Final = {
    BlockKind.SEPARABLE: BlockKind.CONV,
    BlockKind.BOTTLENECK: BlockKind.FUSED,
    BlockKind.SHUFFLE: BlockKind.FUSED,
}
SEPARATED: Final = {BlockKind.CONV: BlockKind.SEPARABLE, BlockKind.FUSED: BlockKind.BOTTLENECK}


def full_convolutions(given: Architecture) -> Architecture:
    """Undo the idea: every depthwise and pointwise pair becomes the full convolution it stands for."""
    return _changed(given, "full", (replace(b, kind=FULL.get(b.kind, b.kind), groups=1) for b in given.blocks))


def separable(given: Architecture) -> Architecture:
    """Depthwise separable instead of full: every K×K convolution but the first becomes a depthwise and a 1×1 one."""
    blocks = (
        replace(b, kind=SEPARATED[b.kind]) if at and b.kind in SEPARATED and b.kernel != (1, 1) else b
        for at, b in enumerate(given.blocks)
    )
    return _changed(given, "separable", blocks)


def dense_over_positions(given: Architecture) -> Architecture:
    """Undo the idea: a fully connected layer reads every position of every channel, as in AlexNet and VGG."""
    return replace(given, name=f"{given.name}_flat", head=Head.FLAT)


def no_dense(given: Architecture) -> Architecture:
    """No fully connected layer: a 1×1 convolution to the classes, then the mean over all positions."""
    return replace(given, name=f"{given.name}_no_fc", head=Head.MEAN, dense=())


def kernel_reduction(given: Architecture) -> Architecture:
    """Every second K×K convolution of stride 1 becomes 1×1, as in SqueezeNet."""
    blocks: list[Block] = []
    candidates = 0
    for at, block in enumerate(given.blocks):
        reducible = at > 0 and block.stride == (1, 1) and block.kernel != (1, 1) and block.kind is not BlockKind.POOL
        candidates += reducible
        blocks.append(_pointwise(block) if reducible and candidates % 2 == 0 else block)
    return _changed(given, "1x1", blocks)


def channel_reduction(given: Architecture, alpha: float = 0.5) -> Architecture:
    """Fewer channels everywhere: α times as many, α² of the products."""

    def width(channels: int, groups: int) -> int:
        return max(round(channels * alpha / groups), 1) * groups if channels else 0

    blocks = (
        replace(
            b,
            channels=width(b.channels, 4 * b.groups if b.groups > 1 else 1),
            hidden=width(b.hidden, b.groups),
            squeeze=width(b.squeeze, 1),
        )
        for b in given.blocks
    )
    made = _changed(given, f"{alpha:g}", blocks)
    return replace(made, dense=tuple(width(n, 1) for n in given.dense))


def even_downsampling(given: Architecture) -> Architecture:
    """The strides stay in number, but spread evenly over the depth: neither early (coarse) nor late (costly)."""
    strides = [b.stride for b in given.blocks if b.stride != (1, 1)]
    movable = [at for at, b in enumerate(given.blocks) if b.kernel != (1, 1)]
    places = {movable[round(i * len(movable) / len(strides))]: stride for i, stride in enumerate(strides)}
    blocks = (replace(b, stride=places.get(at, (1, 1))) for at, b in enumerate(given.blocks))
    return _changed(given, "even", blocks)


def shuffled(given: Architecture, groups: int = 4) -> Architecture:
    """1×1 convolutions in groups, with a channel shuffle between them, as in ShuffleNet.

    Separable blocks become shuffle units with a quarter of the channels inside; the stem stays as it is.
    """

    def unit(block: Block) -> Block:
        if block.kind not in {BlockKind.SEPARABLE, BlockKind.BOTTLENECK}:
            return block
        channels = max(round(block.channels / (4 * groups)), 1) * 4 * groups
        return replace(
            block, kind=BlockKind.SHUFFLE, channels=channels, hidden=channels // 4, groups=groups, residual=True
        )

    return _changed(given, f"shuffle{groups}", (unit(b) for b in given.blocks))


def _pointwise(block: Block) -> Block:
    """A block with the kernel 1×1: what a depthwise layer did is left out."""
    kinds = {BlockKind.SEPARABLE: BlockKind.CONV, BlockKind.BOTTLENECK: BlockKind.FUSED}
    return replace(block, kernel=(1, 1), kind=kinds.get(block.kind, block.kind))


def _changed(given: Architecture, what: str, blocks: Iterable[Block]) -> Architecture:
    return replace(given, name=f"{given.name}_{what}", blocks=tuple(blocks))
