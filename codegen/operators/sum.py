"""SUM along axes."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.graph import Graph, Node

from .parts import added, intervals, reduction
from .parts.computing import Float64, in_float64
from .parts.quantization import OutputScale
from .parts.rescale import requantize_parameters
from .reducer import reducer


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
OPERATOR: Final = reducer(
    Sum,
    check_quantization=added.check_quantization,
    compute=COMPUTE,
    compute_real=in_float64(_compute_real),
    output_quantization=OutputScale.CALIBRATED,
    interval=intervals.rising_where(added.is_safe(requantize_parameters), COMPUTE),
    passes_scales=reduction.keeps_channels,
)
