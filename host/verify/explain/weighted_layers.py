"""A convolution or matrix taken apart: accumulators, what each tap adds, outputs of other accumulators."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, wrap32
from depthwise.codegen.arithmetic.parameters import ConvParameters, conv_parameters
from depthwise.codegen.golden import weighted
from depthwise.codegen.graph import Array, Node
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected

from .wrong_layer import WrongLayer


@dataclass(frozen=True, slots=True, eq=False)
class WeightedParts:
    """Accumulators [P, O] of all output positions, input minus zero point [1, …], weights, and parameters."""

    layer: WrongLayer
    accumulators: Int64
    centred: NDArray[np.float64]
    weights: NDArray[np.float64]
    parameters: ConvParameters

    def output(self, accumulators: Int64, parameters: ConvParameters | None = None) -> Array:
        """Outputs [P, O] of accumulators."""
        outputs = weighted.output_of(wrap32(accumulators), parameters or self.parameters, Mode.TFLM)
        return outputs.astype(np.int8)

    def sums(self, centred: NDArray[np.float64], weights: NDArray[np.float64]) -> Int64:
        """Sums of products [P, O] of other inputs or weights, without bias."""
        found = weighted.sums_of(self.layer.graph, self.layer.node, centred, weights)
        return found.astype(np.int64).reshape(-1, found.shape[-1])

    def weight_sums(self, weights: NDArray[np.float64]) -> Int64:
        """Sum of all weights of each output channel [O]."""
        axis = (0, 1, 2) if isinstance(self.layer.node.op, DepthwiseConv2D) else tuple(range(1, weights.ndim))
        return np.asarray(weights.sum(axis=axis).astype(np.int64))

    def channel(self, channel: int) -> ConvParameters:
        """Parameters of one output channel."""
        p = self.parameters
        one = slice(channel, channel + 1)
        return replace(
            p, multipliers=p.multipliers[one], shifts=p.shifts[one], scales=p.scales[one], factors=p.factors[one]
        )

    def taps(self, channel: int) -> tuple[Int64, Int64]:
        """What one output channel multiplies: inputs minus zero point [P, K] and its weights [K]."""
        op, weights = self.layer.node.op, self.weights
        out = self.layer.graph.output_of(self.layer.node).shape
        match op:
            case Conv2D():
                kernel = weights.shape[1], weights.shape[2]
                seen = [view[0] for _, _, view in weighted.taps_of(op, self.centred, kernel, out)]
                inputs, own = np.stack(seen, axis=2), weights[channel]
            case DepthwiseConv2D():
                kernel, source = weights.shape[1:3], channel // op.depth_multiplier
                seen = [view[0, :, :, source] for _, _, view in weighted.taps_of(op, self.centred, kernel, out)]
                inputs, own = np.stack(seen, axis=2), weights[0, :, :, channel]
            case _:
                inputs, own = self.centred.reshape(1, -1), weights[channel]
        taps = inputs.astype(np.int64).reshape(len(self.accumulators), -1)
        return taps, own.astype(np.int64).ravel()


def has_weights(node: Node) -> bool:
    """Tell whether a layer has constants of its own for each channel."""
    return isinstance(node.op, Conv2D | DepthwiseConv2D | FullyConnected)


def parts_of(layer: WrongLayer) -> WeightedParts | None:
    """Take a layer apart; None if it has no weights."""
    if not has_weights(layer.node):
        return None
    graph, node = layer.graph, layer.node
    p = conv_parameters(graph, node)
    centred = weighted.floats(layer.values[node.inputs[0]]) - p.input_zero_point
    weights = weighted.floats(graph.inputs_of(node)[1].data)
    sums = weighted.sums_of(graph, node, centred, weights) + weighted.bias_of(graph, node)
    return WeightedParts(layer, sums.astype(np.int64).reshape(-1, sums.shape[-1]), centred, weights, p)
