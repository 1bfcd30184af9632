"""SLICE: a block of a tensor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, reading, shapes, writing

REST: Final = -1


@dataclass(frozen=True, slots=True)
class Slice:
    """Reads a tensor (· begin · size, constants); writes `size` elements of each axis from `begin` on, or the REST."""

    kind: ClassVar[str] = "SLICE"
    begin: tuple[int, ...]
    size: tuple[int, ...]


def _read(op: reading.RawOperator) -> Slice:
    op.need(3, 3)
    begin, size = reading.integers(op, 1), reading.integers(op, 2)
    shape = op.inputs[0].shape
    if not len(begin) == len(size) == len(shape):
        raise ModelError(f"{op.what} names {len(begin)} begins and {len(size)} sizes, its input has {len(shape)} axes")
    ends = tuple(n if s == REST else b + s for n, b, s in zip(shape, begin, size, strict=True))
    if not all(0 <= b < e <= n for n, b, e in zip(shape, begin, ends, strict=True)):
        raise ModelError(f"{op.what} takes {begin} to {ends} of shape {shape}")
    return Slice(begin, tuple(REST if e == n else s for n, e, s in zip(shape, ends, size, strict=True)))


def _op(node: Node) -> Slice:
    assert isinstance(node.op, Slice)
    return node.op


def _check(graph: Graph, node: Node) -> None:
    op, shape = _op(node), graph.inputs_of(node)[0].shape
    taken = tuple(n - b if s == REST else s for n, b, s in zip(shape, op.begin, op.size, strict=True))
    shapes.same(node, "output shape", graph.output_of(node).shape, taken)


def _move(op: Slice, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return arrays[0][tuple(slice(b, None if s == REST else b + s) for b, s in zip(op.begin, op.size, strict=True))]


def _channels(_graph: Graph, node: Node) -> channels.ChannelAccess:
    op = _op(node)
    return channels.Alike() if (op.begin[-1], op.size[-1]) == (0, REST) else channels.Mixed()


def _is_identity(_graph: Graph, node: Node) -> bool:
    op = _op(node)
    return not any(op.begin) and set(op.size) == {REST}


def _keeps_cases(_graph: Graph, node: Node) -> bool:
    return (_op(node).begin[0], _op(node).size[0]) == (0, REST)


OPERATOR: Final = mover(
    Slice,
    move=_move,
    read=_read,
    write=writing.without_fields(48),
    check=_check,
    channels=_channels,
    is_identity=_is_identity,
    keeps_cases=_keeps_cases,
)
