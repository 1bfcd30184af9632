"""SPLIT_V: parts of a tensor along an axis, each of a size of its own."""

from dataclasses import dataclass
from typing import ClassVar, Final

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import int32
from depthwise.codegen.graph import Graph, Node

from .mover import mover
from .parts import reading, splitting, writing
from .parts.moved import axis_of


@dataclass(frozen=True, slots=True)
class SplitV:
    """Reads a tensor (· sizes · axis, constants); writes part start…stop of its `count` parts along it."""

    kind: ClassVar[str] = "SPLIT_V"
    axis: int
    start: int
    stop: int
    count: int


def _read(op: reading.RawOperator) -> SplitV:
    op.need(3, 3, several=True)
    rank = len(op.inputs[0].shape)
    axis = axis_of(op.what, reading.one_integer(op, 2), rank)
    if any(len(t.shape) != rank for t in op.outputs):
        raise ModelError(f"{op.what} writes tensors of {[len(t.shape) for t in op.outputs][:8]} axes, it reads {rank}")
    sizes, found = reading.integers(op, 1), tuple(t.shape[axis] for t in op.outputs)
    if len(sizes) != len(found) or any(size not in (-1, n) for size, n in zip(sizes, found, strict=True)):
        raise ModelError(f"{op.what} writes sizes {found[:8]} along axis {axis}, it names {sizes[:8]}")
    return SplitV(axis, *splitting.span_of(op, axis), len(op.outputs))


def _write(graph: Graph, node: Node) -> writing.Coded:
    assert isinstance(node.op, SplitV)
    return writing.coded(graph, node, 79, {0: int32(node.op.count)})


OPERATOR: Final = mover(
    SplitV,
    move=splitting.move,
    read=_read,
    write=_write,
    check=splitting.check,
    channels=splitting.part_channels,
    keeps_cases=splitting.keeps_cases,
)
