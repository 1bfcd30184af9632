"""BATCH_TO_SPACE_ND: images as every block-th pixel of a larger one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, Final

from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import batches, channels, shapes, writing


@dataclass(frozen=True, slots=True)
class BatchToSpaceNd:
    """Reads [N,…,C] (· block · crops, constants); writes [N/Πblock, …, C] without the crops."""

    kind: ClassVar[str] = "BATCH_TO_SPACE_ND"
    block: tuple[int, ...]
    borders: batches.Borders


def _check(graph: Graph, node: Node) -> None:
    op, (n, *sizes, depth) = batches.batched_of(node), graph.inputs_of(node)[0].shape
    left = [size * b - sum(border) for size, b, border in zip(sizes, op.block, op.borders, strict=True)]
    shapes.same(node, "batch", n, n // prod(op.block) * prod(op.block))
    shapes.same(node, "output shape", graph.output_of(node).shape, (n // prod(op.block), *left, depth))


def _move(op: BatchToSpaceNd, arrays: Sequence[Array], out: tuple[int, ...], _fill: Any) -> Array:
    (_, *sizes, depth), count = arrays[0].shape, len(op.block)
    split = arrays[0].reshape(*op.block, out[0], *sizes, depth)
    pairs = [axis for i in range(count) for axis in (count + 1 + i, i)]
    larger = [size * b for size, b in zip(sizes, op.block, strict=True)]
    joined = split.transpose(count, *pairs, 2 * count + 1).reshape(out[0], *larger, depth)
    cropped = tuple(slice(first, size - last) for size, (first, last) in zip(larger, op.borders, strict=True))
    return joined[(slice(None), *cropped)]


OPERATOR: Final = mover(
    BatchToSpaceNd,
    move=_move,
    read=batches.read(BatchToSpaceNd),
    write=writing.without_fields(24),
    check=_check,
    channels=channels.alike,
)
