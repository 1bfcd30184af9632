"""SPLIT and SPLIT_V: one part of a tensor along an axis; each part is a node, all of one layer."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

from depthwise.codegen.graph import Array, Graph, Node

from . import channels
from .reading import RawOperator
from .shapes import same


@runtime_checkable
class Part(Protocol):
    """Attributes of a part: the axis, and from where to where along it; `number` is its place among the parts."""

    kind: ClassVar[str]

    @property
    def axis(self) -> int:
        """The axis."""

    @property
    def start(self) -> int:
        """First index."""

    @property
    def stop(self) -> int:
        """Index behind the last one."""


def part_of(node: Node) -> Part:
    """Attributes of a node that is a part."""
    assert isinstance(node.op, Part)
    return node.op


def span_of(op: RawOperator, axis: int) -> tuple[int, int]:
    """From where to where the part lies that is read."""
    start = sum(t.shape[axis] for t in op.outputs[: op.position])
    return start, start + op.output.shape[axis]


def check(graph: Graph, node: Node) -> None:
    """The part has the sizes of the whole but along the axis."""
    part, whole = part_of(node), graph.inputs_of(node)[0].shape
    wanted = (*whole[: part.axis], min(part.stop, whole[part.axis]) - part.start, *whole[part.axis + 1 :])
    same(node, "output shape", graph.output_of(node).shape, wanted)


def move(op: Part, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    """The part."""
    return arrays[0][(slice(None),) * op.axis + (slice(op.start, op.stop),)]


def keeps_cases(_graph: Graph, node: Node) -> bool:
    """Cases lie along the first axis, which must not be the one that is split."""
    return part_of(node).axis > 0


def part_channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    """Channels stay what they are unless they are split."""
    return channels.Mixed() if part_of(node).axis == len(graph.output_of(node).shape) - 1 else channels.Alike()
