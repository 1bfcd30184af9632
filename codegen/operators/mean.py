"""MEAN along axes."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Array, Graph, Node

from .parts import added, intervals, reduction
from .parts.computing import Float64, Operands, in_float64, quantized
from .parts.quantization import OutputScale, quantization_of
from .parts.rescale import RequantizeParameters, requantize_parameters
from .reducer import reducer


@dataclass(frozen=True, slots=True)
class Mean:
    """Reads a tensor (· axes, a constant); writes the means along `axes`, which go or stay as axes of size 1.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "MEAN"
    axes: tuple[int, ...] = (1, 2)


def mean_parameters(graph: Graph, node: Node) -> RequantizeParameters:
    """Parameters of MEAN (`reference/reduce.h`, QuantizedMeanOrSum): the count goes into the multiplier."""
    plain, count = requantize_parameters(graph, node), reduction.count_of(graph, node)
    bits = min(count.bit_length() - 1, 32, 31 + plain.shift)
    multiplier = (plain.multiplier << bits) // count
    return RequantizeParameters(plain.input_zero_point, plain.output_zero_point, multiplier, plain.shift - bits)


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    if mode is not Mode.XNNPACK:
        return PLAIN(graph, node, operands, mode)
    source, out = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    count = reduction.count_of(graph, node)
    sums = reduction.reduced(graph, node, operands[0], np.sum).astype(np.int64) - source.zero_point * count
    factor = np.float32(source.scale) / (np.float32(out.scale) * np.float32(count))
    scaled = np.rint(sums.astype(np.float32) * factor).astype(np.int64)
    return np.asarray(np.clip(scaled + out.zero_point, -128, 127).astype(np.int8))


def _compute_real(graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    return reduction.reduced(graph, node, operands[0], np.mean).astype(np.float64)


PLAIN: Final = added.compute(mean_parameters)
COMPUTE: Final = quantized(_compute)
OPERATOR: Final = reducer(
    Mean,
    check_quantization=added.check_quantization,
    compute=COMPUTE,
    compute_real=in_float64(_compute_real),
    output_quantization=OutputScale.CALIBRATED,
    interval=intervals.rising_where(added.is_safe(mean_parameters), COMPUTE),
    passes_scales=reduction.keeps_channels,
)
