"""Empirical bias correction: what rounding shifts a channel's mean by is taken out of its bias.

After Nagel et al. (2019), section 4.2, measured instead of derived: the int8 network's sums are compared with the float
network's on the same inputs, with all layers before already corrected.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.floats.float_model import before_activation
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import weights_of
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.operators.parts.computing import floats

Float64 = NDArray[np.float64]


def corrected_bias(
    graph: Graph, node: Node, made: Graph, twin: Node, *, reals: Mapping[int, Array], levels: Mapping[int, Array]
) -> Array:
    """The bias of a layer `twin` of the int8 network: the float layer's means, on what both networks read."""
    tensor = made.tensors[twin.inputs[2]]
    shift = _shift(graph, node, made, twin, reals=reals, levels=levels)
    return np.clip(np.rint(floats(tensor.data) + shift), -(2**31), 2**31 - 1).astype(np.int32)


def _shift(
    graph: Graph, node: Node, made: Graph, twin: Node, *, reals: Mapping[int, Array], levels: Mapping[int, Array]
) -> Float64:
    """Mean difference of the sums of each channel in steps of the bias: float minus int8."""
    wanted = before_activation(graph, node, reals[node.inputs[0]].astype(np.float64))
    image, kernel = made.inputs_of(twin)[:2]
    q, scales = quantization_of(image), np.array(quantization_of(kernel).scales)
    centred = floats(levels[twin.inputs[0]]) - q.zero_point
    weights = weights_of(twin.op)
    sums = weights.sums(made, twin, centred, weights.real(made, twin)) + weights.bias(made, twin)
    steps = q.scale * scales
    difference: Float64 = (wanted - sums * steps).reshape(-1, len(scales)).mean(axis=0) / steps
    return difference
