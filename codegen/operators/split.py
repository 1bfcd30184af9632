"""SPLIT: equal parts of a tensor along an axis."""

from dataclasses import dataclass
from typing import ClassVar, Final

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import int32
from depthwise.codegen.graph import Graph, Node

from .mover import mover
from .parts import reading, splitting, writing
from .parts.moved import axis_of


@dataclass(frozen=True, slots=True)
class Split:
    """Reads a tensor (· axis, a constant); writes part start…stop of its `count` parts along it."""

    kind: ClassVar[str] = "SPLIT"
    axis: int
    start: int
    stop: int
    count: int


def _read(op: reading.RawOperator) -> Split:
    op.need(2, 2, several=True)
    axis = axis_of(op.what, reading.one_integer(op, 1), len(op.inputs[0].shape))
    sizes = {t.shape[axis : axis + 1] for t in op.outputs}
    if len(sizes) != 1 or sizes == {()}:
        raise ModelError(f"{op.what} writes parts of sizes {sorted(sizes)} along axis {axis}, all must be equal")
    return Split(axis, *splitting.span_of(op, axis), len(op.outputs))


def _write(graph: Graph, node: Node) -> writing.Coded:
    assert isinstance(node.op, Split)
    return writing.coded(graph, node, 35, {0: int32(node.op.count)})


OPERATOR: Final = mover(
    Split,
    move=splitting.move,
    read=_read,
    write=_write,
    check=splitting.check,
    channels=splitting.part_channels,
    keeps_cases=splitting.keeps_cases,
)
