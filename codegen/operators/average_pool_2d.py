"""AVERAGE_POOL_2D: the mean of a window."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.graph import Array, Graph, Node, Pads

from .operator import Operator, Storage
from .parts import channels, facts, intervals, pools
from .parts.activation import Activation
from .parts.computing import Operands
from .parts.quantization import OutputScale, int8, kept
from .parts.rows import SUM_BYTES, RowAccess, RowSums
from .parts.windowed import window_rows


@dataclass(frozen=True, slots=True)
class AveragePool2D:
    """Reads image [1,H,W,C]; writes [1,OH,OW,C]: the mean of the taps that are not padding.

    Halves are rounded away from zero, or with `halves_up` towards more, as they are in uint8.
    """

    kind: ClassVar[str] = "AVERAGE_POOL_2D"
    kernel: tuple[int, int]
    stride: tuple[int, int]
    pads: Pads
    activation: Activation
    halves_up: bool = False


def _rounded_quotient(total: Int64, taps: Int64) -> Int64:
    """Quotient with halves away from zero, by C's division, which truncates."""
    nudged = np.where(total > 0, total + taps // 2, total - taps // 2)
    return np.sign(nudged) * (np.abs(nudged) // taps)


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    assert isinstance(node.op, AveragePool2D)
    return (ROUNDED_UP if node.op.halves_up else ROUNDED)(graph, node, operands, mode)


def _rows(graph: Graph, node: Node) -> RowAccess:
    """A window; or sums, where windows share no rows and the sums are smaller than the rows."""
    over = pools.window(graph, node)
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    (kernel, _), (stride, _) = over.kernel, over.stride
    smaller = out.row_bytes * SUM_BYTES < (min(kernel, image.rows) - 1) * image.row_bytes
    if stride >= kernel and smaller:
        return RowSums(kernel, stride, over.pads.top)
    return window_rows(pools.window)(graph, node)


ROUNDED: Final = pools.compute(np.add, 0, _rounded_quotient)
ROUNDED_UP: Final = pools.compute(np.add, 0, lambda total, taps: (total + taps // 2) // taps)
OPERATOR: Final = Operator(
    operation=AveragePool2D,
    activations=facts.one,
    activation=Activation.NONE,
    read=pools.read(AveragePool2D),
    write=pools.write,
    check=pools.check,
    check_quantization=int8(kept),
    compute=_compute,
    compute_real=pools.compute_real(np.add, 0.0, lambda total, taps: total / taps),
    keeps_cases=facts.always,
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising(_compute),
    macs=facts.no_macs,
    weights=None,
    rows=_rows,
    storage=Storage.OWN,
    window=pools.window,
    channels=channels.alike,
    unary_elementwise=False,
    is_identity=pools.is_identity,
    passes_scales=pools.passes_scales,
)
