"""Which input channels of a layer are known beforehand, and what they add to its sums."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.graph import Graph, Node, Window
from depthwise.codegen.operators import Border, operator_of, weights_of
from depthwise.codegen.operators.parts.channels import Weighted
from depthwise.codegen.operators.parts.computing import Float64, floats
from depthwise.codegen.operators.parts.quantization import quantization_of
from depthwise.codegen.operators.parts.windowed import taps_of

from .intervals import Interval, Intervals

Bools = NDArray[np.bool_]
BIAS_BYTES: Final = 4
CLASS_BYTES: Final = 2


def foldable_channels(graph: Graph, found: Intervals) -> dict[int, Bools]:
    """Input channels [I] of each layer of weighted sums that its bias can stand for, by output tensor.

    A known channel adds a constant to each sum, the same at every position unless SAME padding cuts the window.
    Where it does, a bias for each class of positions is used if that table is no larger than the weights it
    replaces; else the channel stays.
    """
    return {
        node.output: _foldable(graph, node, found[node.inputs[0]])
        for node in graph.nodes
        if isinstance(operator_of(node.op).channels(graph, node), Weighted) and node.inputs[0] in found
    }


def _foldable(graph: Graph, node: Node, image: Interval) -> Bools:
    known, window_of = image.known, operator_of(node.op).window
    if window_of is None:
        return known
    even = known & _adds_evenly(graph, node, image, window_of(graph, node))
    uneven = known & ~even
    if not uneven.any():
        return known
    weights = graph.inputs_of(node)[1]
    table, classes = border_table(contribution(graph, node, image, uneven))
    extra = (table.size - table.shape[-1]) * BIAS_BYTES + (len(classes.rows) + len(classes.columns)) * CLASS_BYTES
    replaced = weights.elements // weights.shape[3] * int(uneven.sum())
    return known if extra <= replaced else even


def _adds_evenly(graph: Graph, node: Node, image: Interval, window: Window) -> Bools:
    """Channels that add the same to the sums of all positions: every tap in use always sees one value."""
    weights = weights_of(node.op).real(graph, node)
    centred = _centred(graph, node, image)
    even = np.ones(centred.shape[-1], np.bool_)
    for ky, kx, seen in taps_of(window, centred, graph.output_of(node).shape):
        same = (seen == seen[:, :1, :1]).all(axis=(0, 1, 2))
        even &= same | (weights[:, ky, kx] == 0).all(axis=0)
    return even


def contribution(graph: Graph, node: Node, image: Interval, channels: Bools) -> Int64:
    """What known input channels add to the sums: int64 [OH, OW, O], or [O] for a matrix."""
    centred = _centred(graph, node, image) * channels
    weights = weights_of(node.op)
    return np.asarray(weights.sums(graph, node, centred, weights.real(graph, node))[0].astype(np.int64))


def _centred(graph: Graph, node: Node, image: Interval) -> Float64:
    return floats(image.lower) - quantization_of(graph.inputs_of(node)[0]).zero_point


def border_table(sums: Int64) -> tuple[Int64, Border]:
    """Write sums [OH, OW, O] as a table [row classes, column classes, O] and the classes of rows and columns."""
    rows = _classes(sums)
    columns = _classes(sums.swapaxes(0, 1))
    firsts = [np.unique(np.array(classes), return_index=True)[1] for classes in (rows, columns)]
    return sums[np.ix_(*firsts)], Border(rows, columns)


def _classes(sums: Int64) -> tuple[int, ...]:
    """Number of each row's class, in order of appearance; rows of one class are equal."""
    numbers: dict[bytes, int] = {}
    return tuple(numbers.setdefault(row.tobytes(), len(numbers)) for row in np.ascontiguousarray(sums))


def is_even(sums: Int64) -> bool:
    """Tell whether every position takes the same bias."""
    return sums.ndim == 1 or bool((sums == sums[:1, :1]).all())


Foldable = Mapping[int, Bools]
