"""DEPTH_TO_SPACE and SPACE_TO_DEPTH: blocks of pixels and the channels that hold them."""

from collections.abc import Callable
from typing import ClassVar, Final, Protocol, TypeVar, runtime_checkable

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Fields, int32
from depthwise.codegen.graph import Node

from .reading import RawOperator
from .writing import Coded, Write

Op = TypeVar("Op")
LARGEST: Final = 4096


@runtime_checkable
class Blocked(Protocol):
    """Attributes of an operator that works on blocks: their height, which is their width."""

    kind: ClassVar[str]

    @property
    def block(self) -> int:
        """The height."""


def block_of(node: Node) -> int:
    """The block of a node."""
    assert isinstance(node.op, Blocked)
    return node.op.block


def read(make: Callable[[int], Op]) -> Callable[[RawOperator], Op]:
    """Field 0."""

    def reader(op: RawOperator) -> Op:
        op.need(1, 1)
        block = op.options.scalar(0, "i")
        if not 1 <= block <= LARGEST or len(op.inputs[0].shape) != 4:
            raise ModelError(f"{op.what} works on blocks of {block} pixels of shape {op.inputs[0].shape}")
        return make(block)

    return reader


def write(options_type: int) -> Write:
    """Field 0."""
    return lambda _graph, node: Coded(1, options_type, Fields({0: int32(block_of(node))}))
