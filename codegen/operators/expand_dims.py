"""EXPAND_DIMS: a new axis of one element; nothing is moved."""

from dataclasses import dataclass
from typing import ClassVar, Final

from depthwise.codegen.graph import Graph, Node

from .parts import index_arithmetic, reading, shapes
from .parts.moved import axis_of
from .reshaper import reshaper


@dataclass(frozen=True, slots=True)
class ExpandDims:
    """Reads a tensor (· axis, a constant); writes it with an axis of one element more."""

    kind: ClassVar[str] = "EXPAND_DIMS"
    axis: int


def _read(op: reading.RawOperator) -> ExpandDims:
    op.need(2, 2)
    return ExpandDims(axis_of(op.what, reading.one_integer(op, 1), len(op.inputs[0].shape) + 1))


def _check(graph: Graph, node: Node) -> None:
    assert isinstance(node.op, ExpandDims)
    shape, axis = graph.inputs_of(node)[0].shape, node.op.axis
    shapes.same(node, "output shape", graph.output_of(node).shape, (*shape[:axis], 1, *shape[axis:]))


OPERATOR: Final = reshaper(
    ExpandDims, read=_read, write=index_arithmetic.write(52, lambda _graph, _node: {}), check=_check
)
