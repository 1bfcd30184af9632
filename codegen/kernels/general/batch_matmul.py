"""BATCH_MATMUL: matrices one behind the other, of which an operand may have fewer."""

from dataclasses import dataclass

from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.operators import BatchMatmul
from depthwise.codegen.operators.batch_matmul import matrix_sizes
from depthwise.codegen.operators.parameters import batch_matmul_parameters

from .broadcast import Walk, constant_operand, walk_of
from .joined import of_two


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrices:
    """`rows` × `columns` sums of `depth` products each; how far apart the elements of a row and of a column lie.

    `walk` leads from matrix to matrix; `constant` is the operand that is one, empty if both are computed.
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
    struct: str


def _shape(layer: Layer, struct: str) -> Matrices:
    op, constant = layer.node.op, constant_operand(layer)
    assert isinstance(op, BatchMatmul)
    rows, columns, depth = matrix_sizes(layer.graph, layer.node)
    computed = [name for name in ("a", "b") if name != constant]
    return Matrices(
        rows=rows,
        columns=columns,
        depth=depth,
        a_row=1 if op.first_transposed else depth,
        a_step=rows if op.first_transposed else 1,
        b_column=depth if op.second_transposed else 1,
        b_step=1 if op.second_transposed else columns,
        walk=walk_of(layer, 2, (rows * depth, depth * columns)),
        operands=", ".join(f"const int8_t *{name}" for name in computed),
        constant=constant,
        struct=struct,
    )


BATCH_MATMUL, BATCH_MATMUL_CONSTANT = of_two(
    BatchMatmul, "batch_matmul", batch_matmul_parameters, struct="dw_mul", shape=_shape
)
