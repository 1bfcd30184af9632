"""Operators that change the shape alone: RESHAPE, EXPAND_DIMS, SQUEEZE. Nothing is moved."""

from typing import TypeVar

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Array, Graph, Node, Operation

from . import channels
from .computing import Operands
from .rows import RowAccess, SameRow, Whole
from .shapes import same

Op = TypeVar("Op", bound=Operation)


def check(graph: Graph, node: Node) -> None:
    """As many elements as before."""
    same(node, "elements", graph.output_of(node).elements, graph.inputs_of(node)[0].elements)


def compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    """The same elements in the same order."""
    value, shape = operands[0], graph.output_of(node).shape
    exact = value.shape == graph.inputs_of(node)[0].shape
    return value.reshape(shape if exact else (len(value), *shape[1:]))


def rows(graph: Graph, node: Node) -> RowAccess:
    """Row by row where rows stay what they are."""
    source, out = graph.inputs_of(node)[0], graph.output_of(node)
    return SameRow() if (source.rows, source.row_bytes) == (out.rows, out.row_bytes) else Whole()


def access(graph: Graph, node: Node) -> channels.ChannelAccess:
    """One input channel for each output channel, where channels do not mix."""
    before, after = graph.inputs_of(node)[0].shape, graph.output_of(node).shape
    if not before or not after:
        return channels.Mixed()
    source = np.broadcast_to(np.arange(before[-1]), before).reshape(-1, after[-1])
    return channels.Gathered(np.asarray(source[0])) if (source == source[0]).all() else channels.Mixed()


def passes_scales(graph: Graph, node: Node) -> bool:
    """Channels stay whole."""
    source, out = graph.inputs_of(node)[0].shape, graph.output_of(node).shape
    return bool(source) and bool(out) and out[-1] % source[-1] == 0
