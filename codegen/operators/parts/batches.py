"""SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND: every block-th pixel of an image is an image of its own."""

from collections.abc import Callable
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Node
from depthwise.codegen.graph.windows import Pair

from .reading import RawOperator, integers

Op = TypeVar("Op")
Borders = tuple[Pair, ...]


@runtime_checkable
class Batched(Protocol):
    """Attributes: sizes of a block; what is padded or cropped, before and behind, of each axis behind the first."""

    kind: ClassVar[str]

    @property
    def block(self) -> tuple[int, ...]:
        """Sizes of the block."""

    @property
    def borders(self) -> Borders:
        """What is padded or cropped."""


def batched_of(node: Node) -> Batched:
    """Attributes of a node."""
    assert isinstance(node.op, Batched)
    return node.op


def read(make: Callable[[tuple[int, ...], Borders], Op]) -> Callable[[RawOperator], Op]:
    """Operands 1, block [M], and 2, borders [M, 2]."""

    def reader(op: RawOperator) -> Op:
        op.need(3, 3)
        block, found, rank = integers(op, 1), integers(op, 2), len(op.inputs[0].shape)
        wrong = not block or min(block) < 1 or len(found) != 2 * len(block) or min(found) < 0
        if wrong or not 3 <= rank <= 4 or len(block) != rank - 2:
            raise ModelError(f"{op.what} has block {block[:8]} and borders {found[:16]} for {rank} axes")
        return make(block, tuple(zip(found[::2], found[1::2], strict=True)))

    return reader
