"""PRELU: negative values times a constant, one for each channel or each element.

Sources: tflite-micro, `kernels/prelu_common.cc`, `kernels/internal/reference/prelu.h`.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, quantize_multiplier, requantize
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, quantization, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, in_float64, quantized
from .parts.intervals import Interval, Intervals
from .parts.quantization import OutputScale, bridged, float_constants, int8, quantization_of

LARGEST_RATIO: Final = 2.0**14  # products have 17 bits


@dataclass(frozen=True, slots=True)
class Prelu:
    """Reads a tensor (· alpha, a constant that broadcasts to it); writes x where it is 0 or more, else alpha · x."""

    kind: ClassVar[str] = "PRELU"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreluParameters:
    """Zero points, and from the input's scale, or from that times alpha's, to the output's."""

    input_zero_point: int
    alpha_zero_point: int
    output_zero_point: int
    multiplier: int
    shift: int
    alpha_multiplier: int
    alpha_shift: int


def _ratios(graph: Graph, node: Node) -> tuple[float, float]:
    image, alpha, out = (quantization_of(t) for t in (*graph.inputs_of(node), graph.output_of(node)))
    return image.scale / out.scale, image.scale * alpha.scale / out.scale


def prelu_parameters(graph: Graph, node: Node) -> PreluParameters:
    """The integers of one layer."""
    image, alpha, out = (quantization_of(t) for t in (*graph.inputs_of(node), graph.output_of(node)))
    straight, leaky = (quantize_multiplier(ratio) for ratio in _ratios(graph, node))
    return PreluParameters(
        input_zero_point=image.zero_point,
        alpha_zero_point=alpha.zero_point,
        output_zero_point=out.zero_point,
        multiplier=straight[0],
        shift=straight[1],
        alpha_multiplier=leaky[0],
        alpha_shift=leaky[1],
    )


def _check(graph: Graph, node: Node) -> None:
    image, alpha = graph.inputs_of(node)
    shapes.check_same_shape(graph, node)
    shapes.constants(node, (alpha,))
    wide = (1,) * (len(image.shape) - len(alpha.shape)) + alpha.shape
    if len(wide) != len(image.shape) or any(a not in (1, n) for a, n in zip(wide, image.shape, strict=True)):
        raise UnsupportedError(
            f"{node} has alpha of shape {alpha.shape}, which does not broadcast to {image.shape}",
            "give it one alpha for each channel or for each element",
        )


def _check_quantization(graph: Graph, node: Node) -> None:
    quantization.activation(node, graph.inputs_of(node)[1])
    for ratio in _ratios(graph, node):
        bridged(node, ratio, LARGEST_RATIO)


def _levels(graph: Graph, node: Node, image: Array, alpha: Array) -> Int64:
    p = prelu_parameters(graph, node)
    x, factor = image.astype(np.int64) - p.input_zero_point, alpha.astype(np.int64) - p.alpha_zero_point
    straight = requantize(x, p.multiplier, p.shift)
    leaky = requantize(x * factor, p.alpha_multiplier, p.alpha_shift)
    return np.asarray(np.clip(np.where(x >= 0, straight, leaky) + p.output_zero_point, -128, 127))


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    return _levels(graph, node, operands[0], operands[1]).astype(np.int8)


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    x, alpha = operands
    return np.where(x >= 0, x, alpha * x)


def _interval(graph: Graph, node: Node, found: Intervals) -> Interval:
    """It rises or falls on each side of zero: its ends lie at those of the input, or at zero between them."""
    image, alpha = found.get(node.inputs[0]), graph.inputs_of(node)[1].data
    if image is None or alpha is None:
        return intervals.widest(graph, node, found)
    zero = np.clip(prelu_parameters(graph, node).input_zero_point, image.lower, image.upper)
    corners = np.stack([_levels(graph, node, at, alpha) for at in (image.lower, zero, image.upper)])
    return Interval(corners.min(axis=0).astype(np.int8), corners.max(axis=0).astype(np.int8))


OPERATOR: Final = Operator(
    operation=Prelu,
    activations=facts.one,
    activation=Activation.NONE,
    read=reading.without_options(Prelu, 2, 2),
    write=writing.first_version(0),
    check=_check,
    check_quantization=int8(_check_quantization, float_constants),
    compute=quantized(_compute),
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.always,
    output_quantization=OutputScale.CALIBRATED,
    interval=_interval,
    macs=facts.no_macs,
    weights=None,
    rows=rows.same_row,
    storage=Storage.OVERWRITES,
    window=None,
    channels=channels.alike,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
