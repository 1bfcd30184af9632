"""TILE: a tensor over and over again. tflite-micro does not have it; LiteRT's reference kernel is the oracle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, reading, shapes, writing


@dataclass(frozen=True, slots=True)
class Tile:
    """Reads a tensor (· multiples, a constant); writes it `multiples` times along each axis."""

    kind: ClassVar[str] = "TILE"
    multiples: tuple[int, ...]


def _read(op: reading.RawOperator) -> Tile:
    op.need(2, 2)
    multiples, rank = reading.integers(op, 1), len(op.inputs[0].shape)
    if len(multiples) != rank or min(multiples, default=1) < 1:
        raise ModelError(f"{op.what} repeats {multiples[:8]} times along {rank} axes")
    return Tile(multiples)


def _multiples(node: Node) -> tuple[int, ...]:
    assert isinstance(node.op, Tile)
    return node.op.multiples


def _check(graph: Graph, node: Node) -> None:
    shape = graph.inputs_of(node)[0].shape
    repeated = tuple(n * times for n, times in zip(shape, _multiples(node), strict=True))
    shapes.same(node, "output shape", graph.output_of(node).shape, repeated)


def _move(op: Tile, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return np.tile(arrays[0], op.multiples)


def _channels(_graph: Graph, node: Node) -> channels.ChannelAccess:
    return channels.Alike() if _multiples(node)[-1] == 1 else channels.Mixed()


OPERATOR: Final = mover(
    Tile,
    move=_move,
    read=_read,
    write=writing.without_fields(51),
    check=_check,
    channels=_channels,
    is_identity=lambda _graph, node: set(_multiples(node)) == {1},
    keeps_cases=lambda _graph, node: _multiples(node)[0] == 1,
)
