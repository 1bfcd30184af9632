"""Operators that reduce a tensor along some of its axes: how they are read, written, checked, and take their rows."""

from collections.abc import Callable
from dataclasses import Field
from typing import Any, ClassVar, Final, Protocol, TypeGuard, TypeVar

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Scalar
from depthwise.codegen.graph import Array, Graph, Node, Operation

from . import shapes, writing
from .channels import Alike, ChannelAccess, Mixed
from .computing import Compute
from .reading import RawOperator, integers
from .rows import RowAccess, RowSums, SameRow, Whole

Op = TypeVar("Op", bound=Operation)
Axes = tuple[int, ...]
MOST_AXES: Final = 6
OPTIONS: Final = 27
ROW_AXIS: Final = 1
IMAGE_AXES: Final = 4


class Reducing(Protocol):
    """An operation along axes, which are counted from the first one, each once, in order."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    kind: ClassVar[str]

    @property
    def axes(self) -> Axes:
        """The axes."""


def _is_reducing(op: object) -> TypeGuard[Reducing]:
    """Whether an operation has axes; asked too often for the slow `isinstance` of protocols."""
    return hasattr(op, "axes")


def axes_of(node: Node) -> Axes:
    """The axes along which a node reduces."""
    assert _is_reducing(node.op)
    return node.op.axes


def count_of(graph: Graph, node: Node) -> int:
    """How many elements of the input an element of the output is made of."""
    return graph.inputs_of(node)[0].elements // max(graph.output_of(node).elements, 1)


def read(make: Callable[[Axes], Op]) -> Callable[[RawOperator], Op]:
    """For an operator of a tensor and a constant that names axes, negative ones counted from the last."""

    def reads(op: RawOperator) -> Op:
        op.need(2, 2)
        axes, rank = integers(op, 1), len(op.inputs[0].shape)
        if not all(-rank <= axis < rank for axis in axes):
            raise ModelError(f"{op.what} is taken along axes {axes} of shape {op.inputs[0].shape}")
        return make(tuple(sorted({axis % rank for axis in axes})))

    return reads


def write(graph: Graph, node: Node) -> writing.Coded:
    """Options whose one field tells whether axes of size 1 are left."""
    kept = len(graph.output_of(node).shape) == len(graph.inputs_of(node)[0].shape)
    return writing.coded(graph, node, OPTIONS, {0: Scalar("B", kept)})


def check(graph: Graph, node: Node) -> None:
    """The output has the input's shape, without the axes or with axes of size 1."""
    given, out, axes = graph.inputs_of(node)[0].shape, graph.output_of(node).shape, axes_of(node)
    if len(given) > MOST_AXES:
        raise UnsupportedError(
            f"{node} works on {len(given)} axes, at most {MOST_AXES} are done", "reshape its input before it"
        )
    short = tuple(size for axis, size in enumerate(given) if axis not in axes)
    if out != short:
        wanted = tuple(1 if axis in axes else size for axis, size in enumerate(given))
        shapes.same(node, "output shape", out, wanted)


def reduced(graph: Graph, node: Node, values: Array, fold: Callable[..., Array]) -> Array:
    """Values [N, …] of the input folded along a node's axes, as [N, …] of the output."""
    given, out = graph.inputs_of(node)[0].shape, graph.output_of(node).shape
    first = int(given[:1] == (1,))  # an axis of one case: each case is its own
    axes = tuple(axis for axis in axes_of(node) if axis >= first)
    folded = np.asarray(fold(values, axis=axes))
    return folded.reshape(len(values), *out[1:]) if keeps_cases(graph, node) else folded.reshape(out)


def folded(fold: Callable[..., Array]) -> Compute:
    """A function of elements alone: of one quantization, of sizes, of real numbers."""
    return lambda graph, node, operands, _mode: reduced(graph, node, operands[0], fold).astype(operands[0].dtype)


def rows(graph: Graph, node: Node) -> RowAccess:
    """Row by row where rows stay, added up where they are reduced; else everything at once."""
    image, out, axes = graph.inputs_of(node)[0], graph.output_of(node), axes_of(node)
    if len(image.shape) != IMAGE_AXES or image.shape[0] != 1:
        return Whole()
    if ROW_AXIS in axes:
        return RowSums(taps=image.rows, stride=0, top=0) if out.rows == 1 else Whole()
    return SameRow() if len(out.shape) == IMAGE_AXES else Whole()


def keeps_cases(graph: Graph, node: Node) -> bool:
    """Tell whether the first axis is that of the cases, in and out."""
    given, out = graph.inputs_of(node)[0].shape, graph.output_of(node).shape
    return given[:1] == (1,) and (0 not in axes_of(node) or len(out) == len(given))


def keeps_channels(graph: Graph, node: Node) -> bool:
    """Tell whether the last axis stays as it is."""
    return len(graph.inputs_of(node)[0].shape) - 1 not in axes_of(node)


def channels(graph: Graph, node: Node) -> ChannelAccess:
    """Channel by channel, unless channels are reduced."""
    return Alike() if keeps_channels(graph, node) else Mixed()
