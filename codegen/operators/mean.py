"""MEAN over height and width."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode, requantize
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.flatbuffer.writing import Scalar
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, shapes, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, in_float64, quantized
from .parts.quantization import OutputScale, int8, quantization_of, rescaled
from .parts.rescale import RequantizeParameters, requantize_parameters
from .parts.rows import RowAccess, RowSums


@dataclass(frozen=True, slots=True)
class Mean:
    """Reads image [1,H,W,C] (· axes, a constant); writes [1,C] or [1,1,1,C]: the mean over H and W."""

    kind: ClassVar[str] = "MEAN"


def _read(op: reading.RawOperator) -> Mean:
    op.need(2, 2)
    axes = reading.integers(op, 1)
    rank = len(op.inputs[0].shape)
    if rank != 4 or not all(-rank <= a < rank for a in axes) or sorted(a % rank for a in axes) != [1, 2]:
        raise UnsupportedError(
            f"{op.what} is taken over axes {axes} of shape {op.inputs[0].shape}",
            "only the mean over H and W of [1, H, W, C] is done",
        )
    return Mean()


def _write(graph: Graph, node: Node) -> writing.Coded:
    return writing.coded(graph, node, 27, {0: Scalar("B", len(graph.output_of(node).shape) == 4)})


def _check(graph: Graph, node: Node) -> None:
    image = graph.inputs_of(node)[0]
    shapes.rank4(node, image)
    shapes.same(node, "elements", graph.output_of(node).elements, image.shape[3])


def mean_parameters(graph: Graph, node: Node) -> RequantizeParameters:
    """Parameters of MEAN over height and width (`reference/reduce.h`, QuantizedMeanOrSum)."""
    plain = requantize_parameters(graph, node)
    _, height, width, _ = graph.inputs_of(node)[0].shape
    count = height * width
    bits = min(count.bit_length() - 1, 32, 31 + plain.shift)
    multiplier = (plain.multiplier << bits) // count
    return RequantizeParameters(plain.input_zero_point, plain.output_zero_point, multiplier, plain.shift - bits)


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    p, image, out = mean_parameters(graph, node), operands[0].astype(np.int64), graph.output_of(node)
    count = image.shape[1] * image.shape[2]
    sums = image.sum(axis=(1, 2)) - p.input_zero_point * count
    if mode is Mode.XNNPACK:
        scales = [np.float32(quantization_of(t).scale) for t in (graph.inputs_of(node)[0], out)]
        scaled = np.rint(sums.astype(np.float32) * (scales[0] / (scales[1] * np.float32(count)))).astype(np.int64)
    else:
        scaled = requantize(sums, p.multiplier, p.shift, mode.integer)
    levels = np.clip(scaled + p.output_zero_point, -128, 127).astype(np.int8)
    return np.asarray(levels.reshape(len(image), *out.shape[1:]))


def _compute_real(graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    means: Float64 = operands[0].mean(axis=(1, 2))
    return means.reshape(len(means), *graph.output_of(node).shape[1:])


def _is_safe(graph: Graph, node: Node) -> bool:
    """Tell whether the shift to the left before the multiplication keeps every possible sum in int32."""
    p = mean_parameters(graph, node)
    return p.multiplier >= 0 and intervals.stays_in_int32(255 * graph.inputs_of(node)[0].elements, p.shift)


def _rows(graph: Graph, node: Node) -> RowAccess:
    return RowSums(taps=graph.inputs_of(node)[0].rows, stride=0, top=0)


COMPUTE: Final = quantized(_compute)
OPERATOR: Final = Operator(
    operation=Mean,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=_check,
    check_quantization=int8(rescaled),
    compute=COMPUTE,
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.always,
    output_quantization=OutputScale.CALIBRATED,
    interval=intervals.rising_where(_is_safe, COMPUTE),
    macs=facts.no_macs,
    weights=None,
    rows=_rows,
    storage=Storage.OWN,
    window=None,
    channels=channels.alike,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.always,
)
