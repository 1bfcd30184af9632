"""BATCH_MATMUL whose first matrices lie row by row: two columns of the second become lanes, for all rows."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.general.batch_matmul import BATCH_MATMUL, BATCH_MATMUL_CONSTANT
from depthwise.codegen.kernels.kernel import Kernel, Scratch
from depthwise.codegen.kernels.rates import Rates
from depthwise.codegen.operators import BatchMatmul
from depthwise.codegen.operators.batch_matmul import matrix_sizes
from depthwise.codegen.operators.mul import LARGEST_PRODUCT
from depthwise.codegen.operators.parameters import batch_matmul_parameters

from .scaling import LARGEST_SUM
from .steep import LARGEST_SHIFT

HEADERS: Final = ("dw_asm.h", "dw_dsp.h", "dw_dsp_matrices.h")
FOUR_BYTES: Final = 16  # of four elements of two columns, as int16
RATES: Final = Rates(mac=3.6, element=0.0, written=3.5, vector=0.0)


def _scratch_bytes(graph: Graph, node: Node) -> int:
    """Bytes of two columns as lanes."""
    return -(-matrix_sizes(graph, node)[2] // 4) * FOUR_BYTES


def _scale_refusal(graph: Graph, node: Node) -> str | None:
    """Why sums cannot be doubled and scaled in one step."""
    shift, depth = -batch_matmul_parameters(graph, node).shift, matrix_sizes(graph, node)[2]
    if depth * LARGEST_PRODUCT > LARGEST_SUM:
        return f"sums of {depth:,} products may exceed {LARGEST_SUM:,}"
    if not 1 <= shift <= LARGEST_SHIFT:
        return f"sums are shifted to the right by {shift}, 1 to {LARGEST_SHIFT} is supported"
    return None


def _of(general: Kernel) -> Kernel:
    """The kernel that does what one of the general family does."""

    def refusal(graph: Graph, node: Node) -> str | None:
        assert isinstance(node.op, BatchMatmul)
        transposed = "its first matrices are transposed" if node.op.first_transposed else None
        return general.refusal(graph, node) or transposed or _scale_refusal(graph, node)

    name = f"{general.name}_dsp"
    return replace(
        general,
        name=name,
        refusal=refusal,
        headers=HEADERS,
        scratch=Scratch("lanes", _scratch_bytes),
        events=counted(name, rates=RATES),
    )


BATCH_MATMUL_DSP: Final = _of(BATCH_MATMUL)
BATCH_MATMUL_CONSTANT_DSP: Final = _of(BATCH_MATMUL_CONSTANT)
