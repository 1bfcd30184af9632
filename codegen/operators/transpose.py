"""TRANSPOSE: the same elements with axes in another order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, reading, shapes, writing


@dataclass(frozen=True, slots=True)
class Transpose:
    """Reads a tensor (· permutation, a constant); output axis i is input axis permutation[i]."""

    kind: ClassVar[str] = "TRANSPOSE"
    permutation: tuple[int, ...]


def _read(op: reading.RawOperator) -> Transpose:
    op.need(2, 2)
    permutation, rank = reading.integers(op, 1), len(op.inputs[0].shape)
    if not all(-rank <= axis < rank for axis in permutation):
        raise ModelError(f"{op.what} permutes axes {permutation} of shape {op.inputs[0].shape}")
    return Transpose(tuple(axis % rank for axis in permutation))


def _permutation(node: Node) -> tuple[int, ...]:
    assert isinstance(node.op, Transpose)
    return node.op.permutation


def _check(graph: Graph, node: Node) -> None:
    permutation, image = _permutation(node), graph.inputs_of(node)[0]
    if sorted(permutation) != list(range(len(image.shape))):
        raise ModelError(f"{node} permutes axes {permutation} of shape {image.shape}")
    turned = tuple(image.shape[axis] for axis in permutation)
    shapes.same(node, "output shape", graph.output_of(node).shape, turned)


def _move(op: Transpose, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return arrays[0].transpose(op.permutation)


def _channels(_graph: Graph, node: Node) -> channels.ChannelAccess:
    permutation = _permutation(node)
    return channels.Alike() if permutation[-1:] == (len(permutation) - 1,) else channels.Mixed()


def _is_identity(_graph: Graph, node: Node) -> bool:
    return _permutation(node) == tuple(sorted(_permutation(node)))


OPERATOR: Final = mover(
    Transpose,
    move=_move,
    read=_read,
    write=writing.without_fields(26),
    check=_check,
    channels=_channels,
    is_identity=_is_identity,
    keeps_cases=lambda _graph, node: _permutation(node)[:1] == (0,),
)
