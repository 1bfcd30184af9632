"""QUANTIZE: from float32 or an 8-bit type to an 8-bit type; at the ends of a network also from and to 16 bits."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Mode, requantize
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node, Quantization

from .parts import reading, writing
from .parts.activation import Activation
from .parts.computing import Operands, quantized, refuse_quantized
from .parts.hints import CONVERT
from .parts.quantization import OutputScale, conversion, quantization_of
from .parts.rescale import requantize_parameters
from .unary import unary


@dataclass(frozen=True, slots=True)
class Quantize:
    """Reads a tensor; writes it in the output's quantization.

    Limits: float32 in front of a network, where it is left out; int16 and int32 at its ends alone.
    """

    kind: ClassVar[str] = "QUANTIZE"


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    """`kernels/internal/reference/quantize.h`, `requantize.h`."""
    source, out = graph.inputs_of(node)[0], graph.output_of(node)
    limits = np.iinfo(out.dtype.value)
    low, high = int(limits.min), int(limits.max)
    if source.dtype is DType.FLOAT32:
        levels = _levels(operands[0], quantization_of(out))
        return np.clip(levels, low, high).astype(out.dtype.value)
    p = requantize_parameters(graph, node)
    centred = operands[0].astype(np.int64) - p.input_zero_point
    if mode is Mode.XNNPACK:
        # Its ratio of scales has 8 bits behind the point.
        ratio = np.float32(quantization_of(source).scale) / np.float32(quantization_of(out).scale)
        scaled = (centred * int(np.rint(256 * ratio)) + 128) >> 8
    else:
        scaled = requantize(centred, p.multiplier, p.shift, mode.integer)
    return np.asarray(np.clip(scaled + p.output_zero_point, low, high).astype(out.dtype.value))


def _real(graph: Graph, node: Node, operands: Operands) -> Array:
    """In a network that the quantizer works on: the same number, in whatever steps."""
    if {t.dtype for t in (*graph.inputs_of(node), graph.output_of(node))} == {DType.FLOAT32}:
        return operands[0]
    return refuse_quantized(graph, node, operands)


def _levels(reals: Array, q: Quantization) -> NDArray[np.float64]:
    """Steps of the scale, halves away from zero."""
    steps = (reals.astype(np.float32) / np.float32(q.scale)).astype(np.float64)
    return np.copysign(np.floor(np.abs(steps) + 0.5), steps) + q.zero_point


def _check_quantization(graph: Graph, node: Node) -> None:
    source, out = graph.inputs_of(node)[0], graph.output_of(node)
    at_the_end = node.inputs[0] in graph.inputs or node.output in graph.outputs
    wide = next((t for t in (source, out) if t.dtype in (DType.INT16, DType.INT32)), None)
    if wide is not None and not at_the_end:
        raise UnsupportedError(
            f"{node} converts {wide.dtype.value} tensor {wide.index} inside of the network, which works on int8",
            CONVERT,
        )
    conversion(to_float=False)(graph, node)


COMPUTE: Final = quantized(_compute)
OPERATOR: Final = unary(
    Quantize,
    activation=Activation.NONE,
    read=reading.without_options(Quantize),
    write=writing.without_fields(89),
    check_quantization=_check_quantization,
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=_real,
    output_quantization=OutputScale.NONE,
)
