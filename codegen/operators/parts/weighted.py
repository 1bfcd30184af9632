"""The parts that all operators with weights have: computing, intervals, checks."""

from collections.abc import Sequence

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64, Mode, wrap32
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node, Tensor

from .activation import clamped
from .computing import Compute, ComputeReal, Float64, Operands, floats, in_float64, quantized
from .hints import CONVERT
from .intervals import Interval, IntervalRule, Intervals, within
from .quantization import bridged, float_constants, int8, quantization_of
from .shapes import Check, same
from .weights import Weights, fused, output_of


def compute(weights: Weights) -> Compute:
    """One layer: int8 [N, …] in, int8 [N, …] out."""

    def computed(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
        image, p = operands[0], weights.parameters(graph, node, mode)
        centred = floats(image) - p.input_zero_point
        sums = weights.sums(graph, node, centred, weights.real(graph, node)) + weights.bias(graph, node)
        out = graph.output_of(node).shape
        accumulators = wrap32(sums.astype(np.int64))
        return output_of(accumulators, p, mode).astype(np.int8).reshape(-1, *out[1:])

    return quantized(computed)


def compute_real(weights: Weights) -> ComputeReal:
    """One layer of a float network."""

    def computed(graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
        sums = before_activation(weights, graph, node, operands[0])
        return clamped(sums, fused(node)).reshape(-1, *graph.output_of(node).shape[1:])

    return in_float64(computed)


def before_activation(weights: Weights, graph: Graph, node: Node, image: Float64) -> Float64:
    """Sums and biases of a layer of a float network, not yet clamped: [N, OH, OW, O], or [N, O]."""
    return weights.sums(graph, node, image, weights.real(graph, node)) + weights.bias(graph, node)


def interval(weights: Weights) -> IntervalRule:
    """Exact ends, from the ends of the sums; the clamp where a sum could overflow."""

    def rule(graph: Graph, node: Node, found: Intervals) -> Interval:
        p = weights.parameters(graph, node)
        if weights.largest_accumulator(graph, node) > LARGEST:
            return within(graph, node, (p.minimum, p.maximum))
        least, greatest = accumulators(weights, graph, node, found[node.inputs[0]])
        left = np.minimum(np.maximum(np.array(p.shifts), 0), 32)
        overflows = np.maximum(np.abs(least), np.abs(greatest)) << left > LARGEST
        ends = [output_of(sums, p, Mode.TFLM) for sums in (least, greatest)]
        shape = graph.output_of(node).shape
        lower = np.where(overflows, p.minimum, ends[0]).astype(np.int8).reshape(shape)
        upper = np.where(overflows, p.maximum, ends[1]).astype(np.int8).reshape(shape)
        return Interval(lower, upper, (least.reshape(shape), greatest.reshape(shape)))

    return rule


def accumulators(weights: Weights, graph: Graph, node: Node, image: Interval) -> tuple[Int64, Int64]:
    """Least and greatest sums, bias included: each product at the end of its interval that its weight's sign asks.

    That is half of what both ends give together, less or more half of how far they are apart by the weights' sizes.
    """
    zero_point = weights.parameters(graph, node).input_zero_point
    lower, upper = (floats(end) - zero_point for end in (image.lower, image.upper))
    values = weights.real(graph, node)
    middle = weights.sums(graph, node, lower + upper, values) + 2 * weights.bias(graph, node)
    spread = weights.sums(graph, node, upper - lower, np.abs(values))
    return ((middle - spread) / 2).astype(np.int64), ((middle + spread) / 2).astype(np.int64)


def check_channels(node: Node, filters: int, inputs: Sequence[Tensor], out: Tensor) -> None:
    """Output and biases have a channel for each filter."""
    same(node, "output channels", out.shape[-1], filters)
    if len(inputs) > 2:
        same(node, "bias shape", inputs[2].shape, (filters,))


def check_quantization(filter_axis: int) -> Check:
    """int8 weights with one scale, or one per filter; int32 biases; in a float layer float32 ones."""

    def check(graph: Graph, node: Node) -> None:
        inputs, channels = graph.inputs_of(node), graph.output_of(node).shape[-1]
        weights, q = inputs[1], inputs[1].quantization
        if weights.dtype is not DType.INT8:
            raise UnsupportedError(f"{node} has {weights.dtype.value} weights, int8 is needed", CONVERT)
        if q is None or len(q.scales) not in (1, channels):
            count = 0 if q is None else len(q.scales)
            raise ModelError(f"{node} has {count} weight scales, it must have 1 or {channels}")
        if len(q.scales) > 1 and q.axis != filter_axis:
            raise ModelError(f"{node} has weights quantized along axis {q.axis}, it must be {filter_axis}")
        if any(q.zero_points):
            raise UnsupportedError(f"{node} has weight zero points that are not 0", CONVERT)
        if len(inputs) > 2:
            _check_bias(node, inputs[2])
        source, target = (quantization_of(t).scale for t in (inputs[0], graph.output_of(node)))
        bridged(node, source * max(q.scales) / target)

    return int8(check, float_constants)


def _check_bias(node: Node, bias: Tensor) -> None:
    if bias.dtype is not DType.INT32:
        raise UnsupportedError(f"{node} has {bias.dtype.value} biases, int32 is needed", CONVERT)
    if bias.quantization is not None and any(bias.quantization.zero_points):
        raise UnsupportedError(f"{node} has bias zero points that are not 0", CONVERT)
