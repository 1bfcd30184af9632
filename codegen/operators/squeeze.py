"""SQUEEZE: axes of one element go; nothing is moved."""

from dataclasses import dataclass
from typing import ClassVar, Final

from depthwise.codegen.flatbuffer.writing import Field, integers
from depthwise.codegen.graph import Graph, Node

from .parts import index_arithmetic, reading, shapes
from .parts.moved import axis_of
from .reshaper import reshaper


@dataclass(frozen=True, slots=True)
class Squeeze:
    """Reads a tensor; writes it without some axes of one element."""

    kind: ClassVar[str] = "SQUEEZE"
    axes: tuple[int, ...]


def _read(op: reading.RawOperator) -> Squeeze:
    op.need(1, 1)
    shape = op.inputs[0].shape
    named = tuple(axis_of(op.what, axis, len(shape)) for axis in op.options.integers(0))
    return Squeeze(tuple(sorted(set(named or (i for i, n in enumerate(shape) if n == 1)))))


def _axes(node: Node) -> tuple[int, ...]:
    assert isinstance(node.op, Squeeze)
    return node.op.axes


def _fields(_graph: Graph, node: Node) -> dict[int, Field]:
    return {0: integers(_axes(node))}


def _check(graph: Graph, node: Node) -> None:
    shape, axes = graph.inputs_of(node)[0].shape, _axes(node)
    shapes.same(node, f"axes {axes} of sizes", [shape[a] for a in axes], [1] * len(axes))
    left = tuple(n for i, n in enumerate(shape) if i not in axes)
    shapes.same(node, "output shape", graph.output_of(node).shape, left)


OPERATOR: Final = reshaper(Squeeze, read=_read, write=index_arithmetic.write(30, _fields), check=_check)
