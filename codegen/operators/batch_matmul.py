"""BATCH_MATMUL: products of matrices, both of which may be computed.

Sources: tflite-micro, `kernels/batch_matmul.cc`, `kernels/internal/reference/batch_matmul.h`.
"""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode, requantize
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Scalar
from depthwise.codegen.graph import Array, Graph, Node, Tensor

from .mul import LARGEST_PRODUCT, MulParameters, parameters_by, product_ratio
from .operator import Operator, Storage
from .parts import channels, facts, intervals, quantization, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, floats, in_float64, quantized
from .parts.quantization import OutputScale, bridged, float_constants, int8

MOST_AXES: Final = 5
MOST_PRODUCTS: Final = (2**31 - 1) // LARGEST_PRODUCT


@dataclass(frozen=True, slots=True)
class BatchMatmul:
    """Reads two tensors of matrices, […,A,B] · […,B,C] (either [B,A], [C,B] where told); writes […,A,C].

    Limits: 5 axes, and sums of 33,025 products, at most.
    """

    kind: ClassVar[str] = "BATCH_MATMUL"
    first_transposed: bool
    second_transposed: bool


def _op(node: Node) -> BatchMatmul:
    assert isinstance(node.op, BatchMatmul)
    return node.op


def _read(op: reading.RawOperator) -> BatchMatmul:
    op.need(2, 2)
    return BatchMatmul(bool(op.options.scalar(0, "?")), bool(op.options.scalar(1, "?")))


def _write(graph: Graph, node: Node) -> writing.Coded:
    flags = _op(node).first_transposed, _op(node).second_transposed
    return writing.coded(graph, node, 101, {i: Scalar("?", flag) for i, flag in enumerate(flags)})


def _matrices(node: Node, pair: tuple[Any, Any]) -> tuple[Any, Any]:
    """Arrays as they are multiplied."""
    flags = _op(node).first_transposed, _op(node).second_transposed
    first, second = (np.swapaxes(a, -1, -2) if flag else a for a, flag in zip(pair, flags, strict=True))
    return first, second


def matrix_sizes(graph: Graph, node: Node) -> tuple[int, int, int]:
    """Rows of the first matrix, columns of the second, and what both share: how many products make a sum."""
    first, second = _matrices(node, _stand_ins(graph, node))
    return first.shape[-2], second.shape[-1], first.shape[-1]


def _stand_ins(graph: Graph, node: Node) -> tuple[Array, Array]:
    """Arrays of the operands' shapes, without their elements."""
    first, second = (np.broadcast_to(np.int8(0), t.shape) for t in graph.inputs_of(node))
    return first, second


def _check(graph: Graph, node: Node) -> None:
    (one, other), out = graph.inputs_of(node), graph.output_of(node)
    ranks = len(one.shape), len(other.shape)
    if min(ranks) < 2:
        raise ModelError(f"{node} multiplies shapes {one.shape} and {other.shape}, both must be of 2 axes or more")
    if max(ranks) > MOST_AXES:
        raise UnsupportedError(f"{node} works on {max(ranks)} axes, at most {MOST_AXES} are done", "reshape before it")
    first, second = _matrices(node, _stand_ins(graph, node))
    shapes.same(node, "rows of the second matrix", second.shape[-2], first.shape[-1])
    shapes.same(node, "output shape", out.shape, (*_batches(node, one, other), first.shape[-2], second.shape[-1]))
    if first.shape[-1] > MOST_PRODUCTS:
        raise UnsupportedError(
            f"{node} adds {first.shape[-1]:,} products, at most {MOST_PRODUCTS:,} fit into int32", "make it smaller"
        )


def _batches(node: Node, one: Tensor, other: Tensor) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(one.shape[:-2], other.shape[:-2])
    except ValueError:
        raise ModelError(f"{node} multiplies shapes {one.shape} and {other.shape}, which do not broadcast") from None


def _rows(graph: Graph, node: Node) -> rows.RowAccess:
    """Matrix by matrix of [1,N,A,C], where each computed operand has one in each row, or one for all of them."""
    count = graph.output_of(node).rows
    computed = (t for t in graph.inputs_of(node) if t.data is None)
    by_rows = count > 1 and all(t.rows == count or matrices_of(t) == 1 for t in computed)
    return rows.SameRow() if by_rows else rows.Whole()


def matrices_of(tensor: Tensor) -> int:
    """How many matrices a tensor holds."""
    return prod(tensor.shape[:-2])


def batch_matmul_parameters(graph: Graph, node: Node) -> MulParameters:
    """The integers of one layer: those of a product."""
    return parameters_by(graph, node, product_ratio(graph, node), Activation.NONE)


def _check_quantization(graph: Graph, node: Node) -> None:
    quantization.activation(node, graph.inputs_of(node)[1])
    bridged(node, product_ratio(graph, node))


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    p = batch_matmul_parameters(graph, node)
    first, second = _matrices(node, (floats(operands[0]), floats(operands[1])))
    first, second = first - p.input1_zero_point, second - p.input2_zero_point
    scaled = requantize((first @ second).astype(np.int64), p.multiplier, p.shift, mode.integer)
    return np.clip(scaled + p.output_zero_point, p.minimum, p.maximum).astype(np.int8)


def _compute_real(_graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    first, second = _matrices(node, (operands[0], operands[1]))
    return np.asarray(first @ second)


def _macs(graph: Graph, node: Node) -> int:
    return graph.output_of(node).elements * matrix_sizes(graph, node)[2]


OPERATOR: Final = Operator(
    operation=BatchMatmul,
    activations=facts.none,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=_check,
    check_quantization=int8(_check_quantization, float_constants),
    compute=quantized(_compute),
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.never,
    output_quantization=OutputScale.CALIBRATED,
    interval=intervals.widest,
    macs=_macs,
    weights=None,
    rows=_rows,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
