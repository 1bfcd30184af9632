"""Operators that join two tensors element by element, the smaller one broadcast: files, shapes, rows, channels."""

from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node, Operation, Tensor

from .activation import Activation
from .channels import Alike, ChannelAccess, Mixed
from .quantization import activation as int8_activation
from .quantization import float_constants, int8
from .reading import RawOperator, activation
from .rows import RowAccess, SameRow, Whole
from .shapes import Check
from .writing import Write, coded
from .writing import activation as written_activation

Op = TypeVar("Op", bound=Operation)
MOST_AXES: Final = 6
ROW_AXIS: Final = 1
IMAGE_AXES: Final = 4


def read(make: Callable[[Activation], Op]) -> Callable[[RawOperator], Op]:
    """For an operator of two inputs, whose one option is the activation."""

    def reads(op: RawOperator) -> Op:
        op.need(2, 2)
        return make(activation(op, 0))

    return reads


def write(options_type: int) -> Write:
    """Options whose one field is the activation."""
    return lambda graph, node: coded(graph, node, options_type, {0: written_activation(node.op)})


def has_two_activations(graph: Graph, node: Node) -> bool:
    """Tell whether both operands are computed and have the output's shape."""
    one, other = graph.inputs_of(node)
    return one.data is None and other.data is None and one.shape == other.shape == graph.output_of(node).shape


def check(graph: Graph, node: Node) -> None:
    """Both shapes broadcast to the output's."""
    (one, other), out = graph.inputs_of(node), graph.output_of(node)
    if _broadcast(one.shape, other.shape) != out.shape:
        raise UnsupportedError(
            f"{node} joins shapes {one.shape} and {other.shape} to {out.shape}",
            "each size must be the output's or 1, counted from the last axis",
        )
    if len(out.shape) > MOST_AXES:
        raise UnsupportedError(
            f"{node} works on {len(out.shape)} axes, at most {MOST_AXES} are done", "reshape its operands before it"
        )


def _broadcast(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        return np.broadcast_shapes(one, other)
    except ValueError:
        return None


def check_quantization(then: Check) -> Check:
    """Both operands are int8 with one scale, and `then` holds; or all is float32; or int32, which computes shapes."""

    def both(graph: Graph, node: Node) -> None:
        int8_activation(node, graph.inputs_of(node)[1])
        then(graph, node)

    of_int8 = int8(both, float_constants)

    def checked(graph: Graph, node: Node) -> None:
        if {t.dtype for t in (*graph.inputs_of(node), graph.output_of(node))} != {DType.INT32}:
            of_int8(graph, node)

    return checked


def rows(graph: Graph, node: Node) -> RowAccess:
    """Row by row where each operand has the rows of the output, or one for all of them."""
    count = graph.output_of(node).rows
    if all(_image(t)[ROW_AXIS] == 1 or (t.data is None and t.rows == count) for t in graph.inputs_of(node)):
        return SameRow()
    return Whole() if count > 1 else SameRow()


def _image(tensor: Tensor) -> tuple[int, ...]:
    """A shape as that of an image."""
    return (*(1,) * (IMAGE_AXES - len(tensor.shape)), *tensor.shape)


def channels(graph: Graph, node: Node) -> ChannelAccess:
    """Channel by channel where each operand that is computed has all of them."""
    count = graph.output_of(node).shape[-1:]
    return Alike() if all(t.data is not None or t.shape[-1:] == count for t in graph.inputs_of(node)) else Mixed()
