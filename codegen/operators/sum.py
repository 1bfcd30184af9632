"""SUM along axes."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.graph import Graph, Node

from .operator import Operator, Storage
from .parts import added, facts, intervals, reduction
from .parts.activation import Activation
from .parts.computing import Float64, in_float64
from .parts.quantization import OutputScale, int8
from .parts.rescale import requantize_parameters


@dataclass(frozen=True, slots=True)
class Sum:
    """Reads a tensor (· axes, a constant); writes the sums along `axes`, which go or stay as axes of size 1.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "SUM"
    axes: tuple[int, ...]


def _compute_real(graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    return reduction.reduced(graph, node, operands[0], np.sum).astype(np.float64)


COMPUTE: Final = added.compute(requantize_parameters)
OPERATOR: Final = Operator(
    operation=Sum,
    activations=facts.one,
    activation=Activation.NONE,
    read=reduction.read(Sum),
    write=reduction.write,
    check=reduction.check,
    check_quantization=int8(added.check_quantization),
    compute=COMPUTE,
    compute_real=in_float64(_compute_real),
    keeps_cases=reduction.keeps_cases,
    output_quantization=OutputScale.CALIBRATED,
    interval=intervals.rising_where(added.is_safe(requantize_parameters), COMPUTE),
    macs=facts.no_macs,
    weights=None,
    rows=reduction.rows,
    storage=Storage.OWN,
    window=None,
    channels=reduction.channels,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=reduction.keeps_channels,
)
