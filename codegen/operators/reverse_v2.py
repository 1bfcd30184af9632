"""REVERSE_V2: elements of some axes backwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, reading, shapes, writing
from .parts.moved import axis_of


@dataclass(frozen=True, slots=True)
class ReverseV2:
    """Reads a tensor (· axes, a constant); writes it with the elements of the axes backwards."""

    kind: ClassVar[str] = "REVERSE_V2"
    axes: tuple[int, ...]


def _read(op: reading.RawOperator) -> ReverseV2:
    op.need(2, 2)
    rank = len(op.inputs[0].shape)
    return ReverseV2(tuple(sorted({axis_of(op.what, axis, rank) for axis in reading.integers(op, 1)})))


def _axes(node: Node) -> tuple[int, ...]:
    assert isinstance(node.op, ReverseV2)
    return node.op.axes


def _move(op: ReverseV2, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return np.flip(arrays[0], op.axes)


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    return channels.Mixed() if len(graph.output_of(node).shape) - 1 in _axes(node) else channels.Alike()


OPERATOR: Final = mover(
    ReverseV2,
    move=_move,
    read=_read,
    write=writing.without_fields(81),
    check=shapes.check_same_shape,
    channels=_channels,
    keeps_cases=lambda _graph, node: 0 not in _axes(node),
)
