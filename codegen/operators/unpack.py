"""UNPACK: the elements of an axis, each a tensor without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import int32
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, reading, shapes, writing
from .parts.moved import axis_of


@dataclass(frozen=True, slots=True)
class Unpack:
    """Reads a tensor; writes element `index` of the `count` along an axis, as a tensor without that axis."""

    kind: ClassVar[str] = "UNPACK"
    axis: int
    index: int
    count: int


def _read(op: reading.RawOperator) -> Unpack:
    op.need(1, 1, several=True)
    shape = op.inputs[0].shape
    axis = axis_of(op.what, op.options.scalar(1, "i"), len(shape))
    if len(op.outputs) != shape[axis]:
        raise ModelError(f"{op.what} writes {len(op.outputs)} tensors, axis {axis} has {shape[axis]} elements")
    return Unpack(axis, op.position, len(op.outputs))


def _op(node: Node) -> Unpack:
    assert isinstance(node.op, Unpack)
    return node.op


def _write(graph: Graph, node: Node) -> writing.Coded:
    return writing.coded(graph, node, 64, {0: int32(_op(node).count), 1: int32(_op(node).axis)})


def _check(graph: Graph, node: Node) -> None:
    shape, axis = graph.inputs_of(node)[0].shape, _op(node).axis
    shapes.same(node, "output shape", graph.output_of(node).shape, shape[:axis] + shape[axis + 1 :])


def _move(op: Unpack, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return np.asarray(arrays[0].take(op.index, axis=op.axis))


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    alike = _op(node).axis < len(graph.inputs_of(node)[0].shape) - 1
    return channels.Alike() if alike else channels.Mixed()


OPERATOR: Final = mover(
    Unpack,
    move=_move,
    read=_read,
    write=_write,
    check=_check,
    channels=_channels,
    keeps_cases=lambda _graph, node: _op(node).axis > 0,
)
