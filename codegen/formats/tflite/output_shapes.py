"""Which sizes a layer writes, by its attributes and the sizes that it reads: for files that leave sizes open."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Array, Graph, Node, Operation, Tensor
from depthwise.codegen.graph.limits import MOST_IN_ALL
from depthwise.codegen.graph.windows import positions
from depthwise.codegen.operators import (
    ArgMax,
    BatchMatmul,
    BatchToSpaceNd,
    ExpandDims,
    Gather,
    LogSoftmax,
    Mean,
    Pad,
    PadV2,
    Prelu,
    ReduceMax,
    ReduceMin,
    ResizeBilinear,
    ResizeNearestNeighbor,
    ReverseV2,
    Softmax,
    SpaceToBatchNd,
    Squeeze,
    Sum,
    Tile,
    operator_of,
)
from depthwise.codegen.operators.moving import MOVERS
from depthwise.codegen.operators.parts.computing import Operands
from depthwise.codegen.operators.parts.reading import RawOperator
from depthwise.codegen.operators.parts.reduction import axes_of

Shape = tuple[int, ...]
SAME: Final = (LogSoftmax, Prelu, ReverseV2, Softmax)
REDUCING: Final = (Mean, ReduceMax, ReduceMin, Sum)


def shape_of(op: RawOperator, node: Node, tensors: Sequence[Tensor]) -> Shape | None:
    """The sizes of what a node writes, `op` being what the file says of it; None where no rule is known.

    `tensors` have the sizes of what the node reads. What is moved is moved once, as zeros.
    """
    reads = (i for i in node.inputs if tensors[i].data is None)
    graph = Graph("", tuple(tensors), (node,), inputs=tuple(dict.fromkeys(reads)), outputs=(node.output,))
    room, shapes = operator_of(node.op), [t.shape for t in graph.inputs_of(node)]
    if room.window is not None:
        over, weights = room.window(graph, node), room.weights
        channels = shapes[0][-1] if weights is None else shapes[1][weights.filter_axis]
        size = (shapes[0][1], shapes[0][2])
        return (shapes[0][0], *positions(size, over.pads, over.kernel, over.stride, over.dilation), channels)
    if isinstance(node.op, REDUCING):
        axes, kept = axes_of(node), bool(op.options.scalar(0, "b"))
        return tuple(1 if i in axes else n for i, n in enumerate(shapes[0]) if kept or i not in axes)
    if room.unary_elementwise or isinstance(node.op, SAME):
        return shapes[0]
    rule = RULES.get(type(node.op))
    if rule is not None:
        return rule(node.op, shapes)
    return _moved(graph, node) if isinstance(node.op, MOVERS) else None


def part_shape(op: RawOperator) -> Shape | None:
    """The sizes of one part of SPLIT (axis, tensor) or SPLIT_V (tensor, sizes, axis); None where they say nothing."""
    if len(op.inputs) == 3:
        whole, sizes, axis = op.inputs[0].shape, op.inputs[1].data, op.inputs[2].data
    else:
        whole, sizes, axis = op.inputs[1].shape, None, op.inputs[0].data
    if axis is None or axis.size != 1 or not -len(whole) <= int(axis.ravel()[0]) < len(whole):
        return None
    at, count = int(axis.ravel()[0]) % len(whole), len(op.outputs)
    parts = [whole[at] // count] * count if sizes is None else [int(n) for n in sizes.ravel().tolist()]
    if len(parts) != count or parts.count(-1) > 1:
        return None
    part = parts[op.position]
    return (*whole[:at], whole[at] - sum(parts) - 1 if part == -1 else part, *whole[at + 1 :])


def _moved(graph: Graph, node: Node) -> Shape | None:
    """The sizes that are left when zeros, which take no memory, are moved."""
    zeros: Mapping[int, Array] = {
        t.index: np.broadcast_to(np.zeros((), t.dtype.value), t.shape) for t in graph.inputs_of(node) if t.data is None
    }
    if sum(t.elements for t in graph.inputs_of(node)) > MOST_IN_ALL:
        return None
    return operator_of(node.op).compute(graph, node, Operands(graph, node, zeros), Mode.TFLM).shape


def _padded(op: Any, reads: Sequence[Shape]) -> Shape:
    return tuple(before + n + after for n, (before, after) in zip(reads[0], op.amounts, strict=True))


def _resized(op: Any, reads: Sequence[Shape]) -> Shape:
    return (reads[0][0], *op.size, reads[0][-1])


def _gathered(op: Gather, reads: Sequence[Shape]) -> Shape:
    return (*reads[0][: op.axis], *op.shape, *reads[0][op.axis + 1 :])


def _widened(op: ExpandDims, reads: Sequence[Shape]) -> Shape:
    return (*reads[0][: op.axis], 1, *reads[0][op.axis :])


def _squeezed(op: Squeeze, reads: Sequence[Shape]) -> Shape:
    return tuple(n for i, n in enumerate(reads[0]) if i not in op.axes)


def _batched(op: SpaceToBatchNd, reads: Sequence[Shape]) -> Shape:
    space = [n + sum(border) for n, border in zip(reads[0][1:], op.borders, strict=False)]
    blocks = [n // by for n, by in zip(space, op.block, strict=True)]
    return (reads[0][0] * prod(op.block), *blocks, *reads[0][1 + len(blocks) :])


def _joined(op: BatchToSpaceNd, reads: Sequence[Shape]) -> Shape:
    space = zip(reads[0][1:], op.block, op.borders, strict=False)
    sizes = [n * by - sum(crop) for n, by, crop in space]
    return (reads[0][0] // prod(op.block), *sizes, *reads[0][1 + len(sizes) :])


def _multiplied(op: BatchMatmul, reads: Sequence[Shape]) -> Shape:
    first, second = reads
    rows, columns = first[-1 if op.first_transposed else -2], second[-2 if op.second_transposed else -1]
    return (*np.broadcast_shapes(first[:-2], second[:-2]), rows, columns)


RULES: Final[Mapping[type[Operation], Callable[[Any, Sequence[Shape]], Shape]]] = {
    ArgMax: lambda op, reads: (*reads[0][: op.axis], *reads[0][op.axis + 1 :]),
    BatchMatmul: _multiplied,
    BatchToSpaceNd: _joined,
    ExpandDims: _widened,
    Gather: _gathered,
    Pad: _padded,
    PadV2: _padded,
    ResizeBilinear: _resized,
    ResizeNearestNeighbor: _resized,
    SpaceToBatchNd: _batched,
    Squeeze: _squeezed,
    Tile: lambda op, reads: tuple(n * times for n, times in zip(reads[0], op.multiples, strict=True)),
}
