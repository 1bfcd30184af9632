"""DEQUANTIZE: from an 8-bit type to float32; at the ends of a network only."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import Operands, refuse_quantized
from .parts.quantization import OutputScale, conversion, quantization_of


@dataclass(frozen=True, slots=True)
class Dequantize:
    """Reads an 8-bit tensor; writes float32.

    Limits: at the end of a network, where it is left out.
    """

    kind: ClassVar[str] = "DEQUANTIZE"


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    """`kernels/internal/reference/dequantize.h`."""
    q = quantization_of(graph.inputs_of(node)[0])
    return (q.scale * (operands[0].astype(np.float64) - q.zero_point)).astype(np.float32)


OPERATOR: Final = Operator(
    operation=Dequantize,
    activations=facts.one,
    activation=Activation.NONE,
    read=reading.without_options(Dequantize),
    write=writing.without_fields(38),
    check=shapes.check_same_shape,
    check_quantization=conversion(to_float=True),
    compute=_compute,
    compute_real=refuse_quantized,
    keeps_cases=facts.always,
    output_quantization=OutputScale.NONE,
    interval=intervals.no_int8,
    macs=facts.no_macs,
    weights=None,
    rows=rows.whole,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=True,
    is_identity=facts.never,
    passes_scales=facts.never,
)
