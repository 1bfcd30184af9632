"""A convolution or matrix taken apart: accumulators, what each tap adds, outputs of other accumulators."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, wrap32
from depthwise.codegen.graph import Array
from depthwise.codegen.operators import has_weights, operator_of, weights_of
from depthwise.codegen.operators.parts.computing import floats
from depthwise.codegen.operators.parts.weights import ConvParameters, output_of
from depthwise.codegen.operators.parts.windowed import taps_of

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
        outputs = output_of(wrap32(accumulators), parameters or self.parameters, Mode.TFLM)
        return outputs.astype(np.int8)

    def sums(self, centred: NDArray[np.float64], weights: NDArray[np.float64]) -> Int64:
        """Sums of products [P, O] of other inputs or weights, without bias."""
        found = weights_of(self.layer.node.op).sums(self.layer.graph, self.layer.node, centred, weights)
        return found.astype(np.int64).reshape(-1, found.shape[-1])

    def weight_sums(self, weights: NDArray[np.float64]) -> Int64:
        """Sum of all weights of each output channel [O]."""
        return np.asarray(weights.sum(axis=weights_of(self.layer.node.op).within_filter).astype(np.int64))

    def channel(self, channel: int) -> ConvParameters:
        """Parameters of one output channel."""
        p = self.parameters
        one = slice(channel, channel + 1)
        return replace(
            p, multipliers=p.multipliers[one], shifts=p.shifts[one], scales=p.scales[one], factors=p.factors[one]
        )

    def taps(self, channel: int) -> tuple[Int64, Int64]:
        """What one output channel multiplies: inputs minus zero point [P, K] and its weights [K]."""
        node, graph, known = self.layer.node, self.layer.graph, weights_of(self.layer.node.op)
        own = np.take(self.weights, channel, axis=known.filter_axis)
        inputs = self.centred.reshape(1, -1)
        window_of = operator_of(node.op).window
        if self.weights.ndim > 2 and (window_of is None or self._in_groups):
            return self._probed(channel), own.astype(np.int64).ravel()
        if window_of is not None:
            views = taps_of(window_of(graph, node), self.centred, graph.output_of(node).shape)
            seen = np.stack([view[0] for _, _, view in views], axis=2)
            multiplier = self.weights.shape[-1] // self.centred.shape[-1]
            inputs = seen if known.mixes else seen[..., channel // multiplier]
        taps = inputs.astype(np.int64).reshape(len(self.accumulators), -1)
        return taps, own.astype(np.int64).ravel()

    @property
    def _in_groups(self) -> bool:
        mixes = weights_of(self.layer.node.op).mixes
        return mixes and self.weights.shape[-1] != self.centred.shape[-1]

    def _probed(self, channel: int) -> Int64:
        """What each weight of an output channel multiplies [P, K]: its sums where that weight is 1, all others 0."""
        axis = weights_of(self.layer.node.op).filter_axis
        columns = []
        for k in range(self.weights.size // self.weights.shape[axis]):
            probe = np.zeros_like(self.weights)
            np.moveaxis(probe, axis, 0)[channel].flat[k] = 1
            columns.append(self.sums(self.centred, probe)[:, channel])
        return np.stack(columns, axis=1)


def parts_of(layer: WrongLayer) -> WeightedParts | None:
    """Take a layer apart; None if it has no weights."""
    if not has_weights(layer.node.op):
        return None
    graph, node, known = layer.graph, layer.node, weights_of(layer.node.op)
    p = known.parameters(graph, node)
    centred, weights = floats(layer.values[node.inputs[0]]) - p.input_zero_point, known.real(graph, node)
    sums = known.sums(graph, node, centred, weights) + known.bias(graph, node)
    return WeightedParts(layer, sums.astype(np.int64).reshape(-1, sums.shape[-1]), centred, weights, p)
