"""PAD, PADV2, MIRROR_PAD: elements before and behind those of each axis."""

from typing import ClassVar, Protocol, runtime_checkable

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.graph.windows import Pair

from . import channels
from .reading import RawOperator, integers
from .shapes import same

Amounts = tuple[Pair, ...]


@runtime_checkable
class Padding(Protocol):
    """Attributes of an operator that pads: how many elements, before and behind, for each axis."""

    kind: ClassVar[str]

    @property
    def amounts(self) -> Amounts:
        """The numbers."""


def amounts_of(node: Node) -> Amounts:
    """What a node pads."""
    assert isinstance(node.op, Padding)
    return node.op.amounts


def read_amounts(op: RawOperator) -> Amounts:
    """Operand 1: paddings [rank, 2]."""
    found, rank = integers(op, 1), len(op.inputs[0].shape)
    if op.inputs[1].shape != (rank, 2) or min(found, default=0) < 0:
        raise ModelError(f"{op.what} pads {found[:16]} of {rank} axes, it must be two numbers for each, none negative")
    return tuple(zip(found[::2], found[1::2], strict=True))


def check(graph: Graph, node: Node) -> None:
    """The output is as much larger as is padded."""
    shape = graph.inputs_of(node)[0].shape
    padded = tuple(n + before + behind for n, (before, behind) in zip(shape, amounts_of(node), strict=True))
    same(node, "output shape", graph.output_of(node).shape, padded)


def alike(_graph: Graph, node: Node) -> channels.ChannelAccess:
    """Channels stay what they are unless there are more of them."""
    return channels.Alike() if amounts_of(node)[-1] == (0, 0) else channels.Mixed()


def is_identity(_graph: Graph, node: Node) -> bool:
    """Nothing is padded."""
    return not any(map(any, amounts_of(node)))


def keeps_cases(_graph: Graph, node: Node) -> bool:
    """Cases lie along the first axis."""
    return amounts_of(node)[0] == (0, 0)
