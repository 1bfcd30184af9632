"""SPACE_TO_BATCH_ND: every block-th pixel of an image, as images of their own.

tflite-micro pads with a value that was never set; LiteRT's reference kernel is the oracle where it pads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import batches, channels, shapes, writing


@dataclass(frozen=True, slots=True)
class SpaceToBatchNd:
    """Reads [N,…,C] (· block · paddings, constants); writes [N·Πblock, …, C], of the zero point where it pads."""

    kind: ClassVar[str] = "SPACE_TO_BATCH_ND"
    block: tuple[int, ...]
    borders: batches.Borders


def _check(graph: Graph, node: Node) -> None:
    op, (n, *sizes, depth) = batches.batched_of(node), graph.inputs_of(node)[0].shape
    padded = [size + sum(border) for size, border in zip(sizes, op.borders, strict=True)]
    blocks = [size // b for size, b in zip(padded, op.block, strict=True)]
    shapes.same(node, "padded size", padded, [size * b for size, b in zip(blocks, op.block, strict=True)])
    shapes.same(node, "output shape", graph.output_of(node).shape, (n * prod(op.block), *blocks, depth))


def _move(op: SpaceToBatchNd, arrays: Sequence[Array], out: tuple[int, ...], fill: Any) -> Array:
    padded = np.pad(arrays[0], ((0, 0), *op.borders, (0, 0)), constant_values=fill)
    split = [part for size, b in zip(padded.shape[1:-1], op.block, strict=True) for part in (size // b, b)]
    axes = range(1, 1 + len(split))
    return padded.reshape(-1, *split, out[-1]).transpose(*axes[1::2], 0, *axes[::2], 1 + len(split)).reshape(out)


OPERATOR: Final = mover(
    SpaceToBatchNd,
    move=_move,
    read=batches.read(SpaceToBatchNd),
    write=writing.without_fields(25),
    check=_check,
    channels=channels.alike,
)
