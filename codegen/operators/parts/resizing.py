"""RESIZE_NEAREST_NEIGHBOR, RESIZE_BILINEAR: how they are read, written and checked."""

from collections.abc import Callable
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Fields, Scalar
from depthwise.codegen.graph import Graph, Node

from .reading import RawOperator, integers
from .shapes import rank4, same
from .writing import Coded, Write, of_8_bit

Op = TypeVar("Op")


@runtime_checkable
class Resizing(Protocol):
    """Attributes of a resize: its output's size, and how pixels lie on each other."""

    kind: ClassVar[str]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""

    @property
    def align_corners(self) -> bool:
        """The middles of corner pixels stay corners."""

    @property
    def half_pixel_centers(self) -> bool:
        """Pixels lie where their middles are."""


def resizing_of(node: Node) -> Resizing:
    """Attributes of a node that resizes."""
    assert isinstance(node.op, Resizing)
    return node.op


def read(make: Callable[[tuple[int, int], bool, bool], Op], align_corners: int) -> Callable[[RawOperator], Op]:
    """Attributes from two flags, a field and the one behind it, and the size from operand 1."""

    def reader(op: RawOperator) -> Op:
        op.need(2, 2)
        align, half = (bool(op.options.scalar(align_corners + i, "b")) for i in (0, 1))
        size = integers(op, 1)
        if len(size) != 2 or (align and half):
            raise ModelError(f"{op.what} makes size {size[:8]}, with corners aligned {align} and half pixels {half}")
        return make((size[0], size[1]), align, half)

    return reader


def write(options_type: int, align_corners: int) -> Write:
    """The same as a table; half pixels are version 3."""

    def writer(graph: Graph, node: Node) -> Coded:
        op = resizing_of(node)
        flags = {align_corners: Scalar("B", op.align_corners), align_corners + 1: Scalar("B", op.half_pixel_centers)}
        plain = 2 if of_8_bit(graph, node) else 1
        version = 3 if op.align_corners or op.half_pixel_centers else plain
        return Coded(version, options_type, Fields(flags))

    return writer


def check(graph: Graph, node: Node) -> None:
    """An image of another size."""
    image = graph.inputs_of(node)[0]
    rank4(node, image)
    height, width = resizing_of(node).size
    same(node, "output shape", graph.output_of(node).shape, (1, height, width, image.shape[3]))
