"""GATHER: elements of an axis at constant indices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import int32
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, reading, shapes, writing
from .parts.moved import axis_of


@dataclass(frozen=True, slots=True)
class Gather:
    """Reads a tensor (· indices, a constant); writes the elements at `indices`, of a shape, in place of an axis.

    Limits: no batch axes.
    """

    kind: ClassVar[str] = "GATHER"
    axis: int
    indices: tuple[int, ...]
    shape: tuple[int, ...]


def _read(op: reading.RawOperator) -> Gather:
    op.need(2, 2)
    indices, shape = reading.integers(op, 1), op.inputs[0].shape
    axis = axis_of(op.what, op.options.scalar(0, "i"), len(shape))
    if op.options.scalar(1, "i"):
        raise UnsupportedError(f"{op.what} has {op.options.scalar(1, 'i')} batch axes", "gather along one axis only")
    wrong = next((i for i in indices if not 0 <= i < shape[axis]), None)
    if wrong is not None:
        raise ModelError(f"{op.what} takes element {wrong} of axis {axis}, which has {shape[axis]}")
    return Gather(axis, indices, op.inputs[1].shape)


def _op(node: Node) -> Gather:
    assert isinstance(node.op, Gather)
    return node.op


def _write(graph: Graph, node: Node) -> writing.Coded:
    return writing.coded(graph, node, 23, {0: int32(_op(node).axis)})


def _check(graph: Graph, node: Node) -> None:
    op, shape = _op(node), graph.inputs_of(node)[0].shape
    wanted = (*shape[: op.axis], *op.shape, *shape[op.axis + 1 :])
    shapes.same(node, "output shape", graph.output_of(node).shape, wanted)


def _move(op: Gather, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return arrays[0].take(np.array(op.indices, np.intp).reshape(op.shape), axis=op.axis)


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    alike = _op(node).axis < len(graph.inputs_of(node)[0].shape) - 1
    return channels.Alike() if alike else channels.Mixed()


OPERATOR: Final = mover(
    Gather,
    move=_move,
    read=_read,
    write=_write,
    check=_check,
    channels=_channels,
    keeps_cases=lambda _graph, node: _op(node).axis > 0,
)
