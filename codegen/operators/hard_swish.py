"""HARD_SWISH: x · relu6(x + 3) / 6, in 16 bits.

Sources: tflite-micro, `kernels/hard_swish_common.cc`, `kernels/internal/reference/hard_swish.h`.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, quantize_multiplier, rounding_divide
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Graph, Node

from .parts import reading, writing
from .parts.activation import Activation
from .parts.computing import Float64, in_float64
from .parts.hints import CONVERT
from .parts.quantization import OutputScale, int8, quantization_of
from .parts.tables import EVERY_VALUE, tabled
from .unary import unary

INT16: Final = (-(2**15), 2**15 - 1)
FARTHEST: Final = 15  # bits that a shift may move 16-bit values by


@dataclass(frozen=True, slots=True)
class HardSwish:
    """Reads a tensor; writes x · min(max(x + 3, 0), 6) / 6 in the output's quantization.

    Limits: scales that 16 bits bridge, as tflite-micro needs.
    """

    kind: ClassVar[str] = "HARD_SWISH"


@dataclass(frozen=True, slots=True)
class HardSwishParameters:
    """Q15 multipliers and shifts, positive to the left: to the output, and to where 3 is 2^15."""

    multiplier: int
    shift: int
    reluish_multiplier: int
    reluish_shift: int


def hard_swish_parameters(graph: Graph, node: Node) -> HardSwishParameters:
    """Parameters of HARD_SWISH; scales are divided in float32."""
    ends = graph.inputs_of(node)[0], graph.output_of(node)
    source, target = (np.float32(quantization_of(t).scale) for t in ends)
    fine = np.float32(1 / 128) * source
    factors = fine / target, fine / (np.float32(3) / np.float32(32768))
    (m, s), (reluish, reluish_shift) = (quantize_multiplier(float(f)) for f in factors)
    return HardSwishParameters(_halved(m), s, _halved(reluish), reluish_shift)


def _halved(multiplier: int) -> int:
    """A multiplier in Q15 instead of Q31 (DownScaleInt32ToInt16Multiplier)."""
    return min((multiplier + 2**15) >> 16, INT16[1])


def _check_quantization(graph: Graph, node: Node) -> None:
    p = hard_swish_parameters(graph, node)
    if not -FARTHEST <= p.shift <= 0 or abs(p.reluish_shift) > FARTHEST:
        before, after = (quantization_of(t).scale for t in (graph.inputs_of(node)[0], graph.output_of(node)))
        raise UnsupportedError(
            f"{node} goes from scale {before:.4g} to {after:.4g}, which 16 bits do not bridge", CONVERT
        )


def _high_multiply(a: Int64, b: int) -> Int64:
    """round(a·b / 2^15), halves upward: SaturatingRoundingDoublingHighMul of int16 where not both are −2^15."""
    return np.asarray((a * b + 2**14) >> 15)


def _table(graph: Graph, node: Node) -> Int64:
    p = hard_swish_parameters(graph, node)
    image, out = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    fine = (EVERY_VALUE - image.zero_point) << 7
    reluish = np.clip(fine << max(p.reluish_shift - 1, 0), *INT16)
    reluish = _high_multiply(reluish, p.reluish_multiplier)
    if p.reluish_shift > 0:
        reluish = np.clip(reluish << 1, *INT16)
    else:
        reluish = rounding_divide(reluish, -p.reluish_shift)
    product = ((reluish + 2**15) >> 1) * _high_multiply(fine, p.multiplier)
    truncated = np.sign(product) * (np.abs(product) >> 15)
    written = rounding_divide(truncated, -p.shift) + out.zero_point
    return written.astype(np.int16).astype(np.int64)


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    x = operands[0]
    return np.asarray(x * np.clip(x + 3, 0, 6) / 6)


COMPUTE: Final = tabled(_table)
OPERATOR: Final = unary(
    HardSwish,
    activation=Activation.NONE,
    read=reading.without_options(HardSwish),
    write=writing.first_version(91),
    check_quantization=int8(_check_quantization),
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=in_float64(_compute_real),
    output_quantization=OutputScale.CALIBRATED,
)
