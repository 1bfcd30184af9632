"""CONCATENATION: tensors one behind the other, along an axis. All are of one quantization, as tflite-micro wants it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.flatbuffer.writing import Scalar, int32
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, facts, reading, shapes, writing
from .parts.activation import Activation
from .parts.moved import axis_of
from .parts.quantization import OutputScale

MOST_INPUTS: Final = 64


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Reads tensors that differ along one axis alone; writes them one behind the other along it.

    Limits: one quantization for all, as tflite-micro wants it; no fused activation.
    """

    kind: ClassVar[str] = "CONCATENATION"
    axis: int


def _read(op: reading.RawOperator) -> Concatenation:
    op.need(1, MOST_INPUTS)
    if reading.activation(op, 1) is not Activation.NONE:
        raise UnsupportedError(f"{op.what} has a fused activation", "put a RELU behind it instead")
    return Concatenation(axis_of(op.what, op.options.scalar(0, "i"), len(op.output.shape)))


def _axis(node: Node) -> int:
    assert isinstance(node.op, Concatenation)
    return node.op.axis


def _write(graph: Graph, node: Node) -> writing.Coded:
    return writing.coded(graph, node, 10, {0: int32(_axis(node)), 1: Scalar("b", 0)})


def _check(graph: Graph, node: Node) -> None:
    axis, inputs = _axis(node), graph.inputs_of(node)
    wanted, total = list(graph.output_of(node).shape), 0
    for tensor in inputs:
        others = [n for i, n in enumerate(tensor.shape) if i != axis]
        shapes.same(node, f"tensor {tensor.index} of sizes", others, [n for i, n in enumerate(wanted) if i != axis])
        total += tensor.shape[axis]
    shapes.same(node, "length", wanted[axis], total)


def _move(op: Concatenation, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return np.concatenate(arrays, axis=op.axis)


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    inputs = graph.inputs_of(node)
    if any(t.data is not None for t in inputs):
        return channels.Mixed()
    if _axis(node) < len(graph.output_of(node).shape) - 1:
        return channels.Alike()
    return channels.Joined()


def _keeps_cases(graph: Graph, node: Node) -> bool:
    return _axis(node) > 0 and all(t.data is None for t in graph.inputs_of(node))


OPERATOR: Final = mover(
    Concatenation,
    move=_move,
    read=_read,
    write=_write,
    check=_check,
    count=facts.every,
    channels=_channels,
    keeps_cases=_keeps_cases,
    output_quantization=OutputScale.JOINED,
)
