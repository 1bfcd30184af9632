"""Folds channel shuffles (RESHAPE, TRANSPOSE, RESHAPE) into the weights before or behind them.

A shuffle only reorders channels. If a convolution writes the channels, it can write them in the new order; if
convolutions alone read them, they can read the old order. Either way nothing is moved at run time.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, Graph, Node, Tensor
from depthwise.codegen.operators import Conv2D, FullyConnected, Reshape, Transpose, operator_of
from depthwise.codegen.operators.parts.channels import Weighted

from .constant_tensors import append, selected
from .rewire import exchanged, readers_of, sole_reader, writer_of

ChannelOrder = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class _Shuffle:
    """Channel k of tensor `after` is channel order[k] of tensor `before`; `nodes` do it."""

    nodes: tuple[Node, ...]
    before: int
    after: int
    order: ChannelOrder


def fold_shuffles(graph: Graph) -> Graph:
    """Reorder weights instead of channels, wherever the neighbours allow it."""
    for node in graph.nodes:
        if isinstance(node.op, Transpose):
            shuffle = _shuffle_around(graph, node)
            folded = None if shuffle is None else _into_writer(graph, shuffle) or _into_readers(graph, shuffle)
            if folded is not None:
                return fold_shuffles(folded)
    return graph


def _shuffle_around(graph: Graph, middle: Node) -> _Shuffle | None:
    """The shuffle that a TRANSPOSE is part of, or None if it moves more than channels."""
    nodes = [middle]
    first, last = writer_of(graph, middle.inputs[0]), sole_reader(graph, middle.output)
    if first is not None and isinstance(first.op, Reshape) and sole_reader(graph, first.output) is middle:
        nodes.insert(0, first)
    if last is not None and isinstance(last.op, Reshape):
        nodes.append(last)
    before, after = nodes[0].inputs[0], nodes[-1].output
    shape = graph.tensors[before].shape
    if len(shape) != 4 or graph.tensors[after].shape != shape:
        return None
    numbers: Array = np.arange(graph.tensors[before].elements).reshape(shape)
    moved = numbers
    for node in nodes:
        moved = compute(graph, node, {node.inputs[0]: moved})
    order = moved[0, 0, 0].astype(np.intp)
    pure = order.max() < shape[3] and bool((moved == numbers[..., order]).all())
    return _Shuffle(tuple(nodes), before, after, order) if pure else None


def _into_writer(graph: Graph, shuffle: _Shuffle) -> Graph | None:
    """Write in the new order: a CONV_2D whose output nothing else reads."""
    writer = writer_of(graph, shuffle.before)
    if writer is None or not isinstance(writer.op, Conv2D) or sole_reader(graph, shuffle.before) is None:
        return None
    if not _sums_all(graph, writer):
        return None
    tensors = list(graph.tensors)
    constants = [_reordered(tensors, t, shuffle.order) for t in graph.inputs_of(writer)[1:]]
    changed = replace(writer, inputs=(writer.inputs[0], *constants), output=shuffle.after)
    return exchanged(replace(graph, tensors=tuple(tensors)), {writer.output: changed}, shuffle.nodes)


def _sums_all(graph: Graph, node: Node) -> bool:
    """Tell whether each channel that a layer writes is a sum of all that it reads, in no groups."""
    return isinstance(operator_of(node.op).channels(graph, node), Weighted)


def _reordered(tensors: list[Tensor], constant: Tensor, order: ChannelOrder) -> int:
    assert constant.data is not None
    values = constant.data[order]
    return append(tensors, replace(constant, quantization=selected(constant.quantization, order)), values)


def _into_readers(graph: Graph, shuffle: _Shuffle) -> Graph | None:
    """Read the old order: every reader is a CONV_2D or FULLY_CONNECTED."""
    readers = readers_of(graph, shuffle.after)
    weighted = all(isinstance(n.op, Conv2D | FullyConnected) and _sums_all(graph, n) for n in readers)
    if not readers or not weighted or shuffle.after in graph.lasting:
        return None
    tensors = list(graph.tensors)
    changed = {}
    for node in readers:
        weights = graph.inputs_of(node)[1]
        assert weights.data is not None
        values = weights.data.reshape(*weights.shape[:-1], -1, len(shuffle.order))
        restored = np.take(values, np.argsort(shuffle.order), axis=-1).reshape(weights.shape)
        changed[node.output] = replace(
            node, inputs=(shuffle.before, append(tensors, weights, restored), *node.inputs[2:])
        )
    return exchanged(replace(graph, tensors=tuple(tensors)), changed, shuffle.nodes)
