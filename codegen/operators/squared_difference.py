"""SQUARED_DIFFERENCE: the square of the difference of two tensors."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, quantize_multiplier, requantize
from depthwise.codegen.graph import Array, Graph, Node

from .joiner import joiner
from .parts import intervals, joining, reading, writing
from .parts.quantization import OutputScale, bridged, quantization_of
from .parts.two_scales import AddParameters

LEFT_SHIFT: Final = 7  # as far as the square stays in int32


@dataclass(frozen=True, slots=True)
class SquaredDifference:
    """Reads two tensors whose shapes broadcast, one of which may be a constant; writes (first − second)².

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "SQUARED_DIFFERENCE"


def squared_difference_parameters(graph: Graph, node: Node) -> AddParameters:
    """The integers of one layer (tflite-micro, `kernels/squared_difference.cc`)."""
    a, b = (quantization_of(t) for t in graph.inputs_of(node))
    output = quantization_of(graph.output_of(node))
    twice = 2 * max(a.scale, b.scale)
    first, second = (quantize_multiplier(q.scale / twice) for q in (a, b))
    multiplier, shift = quantize_multiplier(_ratio(graph, node))
    return AddParameters(
        input1_zero_point=a.zero_point,
        input1_multiplier=first[0],
        input1_shift=first[1],
        input2_zero_point=b.zero_point,
        input2_multiplier=second[0],
        input2_shift=second[1],
        output_zero_point=output.zero_point,
        output_multiplier=multiplier,
        output_shift=shift,
        minimum=-128,
        maximum=127,
    )


def _ratio(graph: Graph, node: Node) -> float:
    """From the square of a difference in twice the larger scale, raised, to the output."""
    a, b = (quantization_of(t).scale for t in graph.inputs_of(node))
    return (2 * max(a, b)) ** 2 / (4**LEFT_SHIFT * quantization_of(graph.output_of(node)).scale)


def _check_scales(graph: Graph, node: Node) -> None:
    bridged(node, _ratio(graph, node))


def _join(graph: Graph, node: Node, pair: joining.Pair, mode: Mode) -> Array:
    p, (a, b) = squared_difference_parameters(graph, node), pair

    def raised(value: Array, zero_point: int) -> Int64:
        return (value.astype(np.int64) - zero_point) << LEFT_SHIFT

    left = requantize(raised(a, p.input1_zero_point), p.input1_multiplier, p.input1_shift, mode.integer)
    right = requantize(raised(b, p.input2_zero_point), p.input2_multiplier, p.input2_shift, mode.integer)
    scaled = requantize((left - right) ** 2, p.output_multiplier, p.output_shift, mode.integer)
    return np.clip(scaled + p.output_zero_point, p.minimum, p.maximum).astype(np.int8)


def _squared(one: Any, other: Any) -> Any:
    return np.square(one - other)


OPERATOR: Final = joiner(
    SquaredDifference,
    read=reading.without_options(SquaredDifference, 2, 2),
    write=writing.without_fields(76),
    check_quantization=_check_scales,
    join=_join,
    join_numbers=_squared,
    output_quantization=OutputScale.CALIBRATED,
    interval=intervals.widest,
)
