"""PACK: tensors of one shape as the elements of a new axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.flatbuffer.writing import int32
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, facts, reading, shapes, writing
from .parts.moved import axis_of


@dataclass(frozen=True, slots=True)
class Pack:
    """Reads tensors of one shape, of scalars for one; writes them side by side along a new axis."""

    kind: ClassVar[str] = "PACK"
    axis: int


def _read(op: reading.RawOperator) -> Pack:
    op.need(1, 64)
    return Pack(axis_of(op.what, op.options.scalar(1, "i"), len(op.inputs[0].shape) + 1))


def _axis(node: Node) -> int:
    assert isinstance(node.op, Pack)
    return node.op.axis


def _write(graph: Graph, node: Node) -> writing.Coded:
    return writing.coded(graph, node, 59, {0: int32(len(node.inputs)), 1: int32(_axis(node))})


def _check(graph: Graph, node: Node) -> None:
    axis, inputs = _axis(node), graph.inputs_of(node)
    shape = inputs[0].shape
    for tensor in inputs:
        shapes.same(node, f"tensor {tensor.index} of shape", tensor.shape, shape)
    shapes.same(node, "output shape", graph.output_of(node).shape, (*shape[:axis], len(inputs), *shape[axis:]))


def _move(op: Pack, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return np.stack(arrays, axis=op.axis)


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    last = _axis(node) == len(graph.output_of(node).shape) - 1
    constant = any(t.data is not None for t in graph.inputs_of(node))
    return channels.Mixed() if last or constant else channels.Alike()


def _keeps_cases(graph: Graph, node: Node) -> bool:
    return _axis(node) > 0 and all(t.data is None for t in graph.inputs_of(node))


OPERATOR: Final = mover(
    Pack,
    move=_move,
    read=_read,
    write=_write,
    check=_check,
    count=facts.every,
    channels=_channels,
    keeps_cases=_keeps_cases,
)
