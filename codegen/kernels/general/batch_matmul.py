"""BATCH_MATMUL: matrices one behind the other, of which an operand may have fewer."""

from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.operators import BatchMatmul
from depthwise.codegen.operators.batch_matmul import matrices_of, matrix_sizes
from depthwise.codegen.operators.parameters import batch_matmul_parameters
from depthwise.codegen.schedule.reads import at_once

from .broadcast import Walk, constant_operand, walk_of
from .joined import of_two


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrices:
    """`rows` × `columns` sums of `depth` products each; how far apart the elements of a row and of a column lie.

    `walk` leads from matrix to matrix; `constant` is the operand that is one, empty if both are computed, and `apart`
    how far its matrices lie apart from call to call.
    """

    rows: int
    columns: int
    depth: int
    a_row: int
    a_step: int
    b_column: int
    b_step: int
    walk: Walk
    operands: str
    constant: str
    apart: int
    struct: str


def _shape(layer: Layer, struct: str) -> Matrices:
    op, constant = layer.node.op, constant_operand(layer)
    assert isinstance(op, BatchMatmul)
    rows, columns, depth = matrix_sizes(layer.graph, layer.node)
    computed = [name for name in ("a", "b") if name != constant]
    sizes = rows * depth, depth * columns
    by_rows = not at_once(layer.graph, layer.node)
    return Matrices(
        rows=rows,
        columns=columns,
        depth=depth,
        a_row=1 if op.first_transposed else depth,
        a_step=rows if op.first_transposed else 1,
        b_column=depth if op.second_transposed else 1,
        b_step=1 if op.second_transposed else columns,
        walk=walk_of(layer, 3 if by_rows else 2, sizes),
        operands=", ".join(f"const int8_t *{name}" for name in computed),
        constant=constant,
        apart=_apart(layer, constant, sizes) if by_rows else 0,
        struct=struct,
    )


def _apart(layer: Layer, constant: str, sizes: tuple[int, int]) -> int:
    """How far a constant operand's matrices lie apart, 0 if it has one for all rows."""
    if not constant:
        return 0
    number = "ab".index(constant)
    return sizes[number] if matrices_of(layer.graph.inputs_of(layer.node)[number]) > 1 else 0


BATCH_MATMUL, _CONSTANT = of_two(BatchMatmul, "batch_matmul", batch_matmul_parameters, struct="dw_mul", shape=_shape)
BATCH_MATMUL_CONSTANT: Final = replace(_CONSTANT, position=True)
