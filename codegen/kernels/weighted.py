"""What kernels of layers with weights (CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED) have in common."""

from functools import lru_cache
from math import prod
from typing import Final, Literal

import numpy as np

from depthwise.codegen import operators
from depthwise.codegen.graph import Array, Graph, Node, Tensor
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected, Pads
from depthwise.codegen.operators.parameters import ConvParameters, conv_parameters
from depthwise.codegen.operators.parts.weights import Weights, groups_of, vectors_of, weight_zero_point

from .kernel import Int16, Layer

Scaling = Literal["scaled", "signed", "clamped"]
FULL: Final = (-128, 127)
NO_ZERO_POINT: Final = "its weights have no zero point"


def parameters_of(layer: Layer) -> ConvParameters:
    """Multipliers, shifts, zero points and clamp of a layer."""
    return conv_parameters(layer.graph, layer.node)


def weights_of(graph: Graph, node: Node) -> Array:
    """Weights as the model has them, int8; where they have a zero point, int16 less that."""
    return weights_in(graph.tensors[node.inputs[1]], weight_zero_point(node.op))


def weights_in(tensor: Tensor, zero_point: int) -> Array:
    """The same of weights by themselves."""
    data = tensor.data
    assert data is not None
    return data if zero_point == 0 else data.astype(np.int16) - np.int16(zero_point)


def taps_of(graph: Graph, node: Node) -> tuple[int, int]:
    """Height and width of the kernel; a matrix is one tap."""
    if isinstance(node.op, FullyConnected):
        return 1, 1
    _, height, width, _ = graph.tensors[node.inputs[1]].shape
    return height, width


def is_pointwise(graph: Graph, node: Node) -> bool:
    """Tell whether a CONV_2D sees one pixel, which is always inside of the image."""
    assert isinstance(node.op, Conv2D)
    return taps_of(graph, node) == (1, 1) and node.op.pads == Pads()


def larger_refusal(graph: Graph, node: Node) -> str | None:
    """Why a kernel that reads pixels as they lie cannot compute a CONV_2D."""
    return None if is_pointwise(graph, node) else "its kernel is not 1x1 without padding"


def multiplier_refusal(node: Node) -> str | None:
    """Why a DEPTHWISE_CONV_2D with several channels for each of an input's is left to the general kernel."""
    assert isinstance(node.op, DepthwiseConv2D)
    multiplier = node.op.depth_multiplier
    return f"its channel multiplier is {multiplier}, 1 is supported" if multiplier != 1 else None


def patch_inputs(graph: Graph, node: Node) -> int:
    """Inputs of one output, weights of 0 included: a multiple of four."""
    return -(-prod(graph.tensors[node.inputs[1]].shape[1:]) // 4) * 4


def folded_bias(layer: Layer) -> tuple[int, ...]:
    """Biases for sums of w·x instead of w·(x − zero point): b − zero point · Σ w, padded taps x = zero point."""
    read, op = layer.graph.inputs_of(layer.node), layer.node.op
    bias, offset = read[2] if len(read) > 2 else None, weight_zero_point(op)
    return _folded(operators.weights_of(op), read[1], bias, parameters_of(layer).input_zero_point, offset)


@lru_cache(maxsize=256)
def _folded(room: Weights, weights: Tensor, bias: Tensor | None, zero_point: int, of_weights: int) -> tuple[int, ...]:
    """The same, remembered by the very tensors: many kernels ask."""
    sums = weights_in(weights, of_weights).astype(np.int64).sum(axis=room.within_filter)
    data = None if bias is None else bias.data
    given = np.zeros(len(sums), np.int64) if data is None else data.astype(np.int64)
    return tuple((given - zero_point * sums).ravel().tolist())


def offset_refusal(node: Node) -> str | None:
    """Why a kernel of int8 weights without a zero point cannot compute a layer."""
    zero_point = weight_zero_point(node.op)
    return f"its weights have zero point {zero_point}" if zero_point else None


def without_offset(_graph: Graph, node: Node) -> str | None:
    """Why a kernel of weights with a zero point leaves a layer to one of those without."""
    return NO_ZERO_POINT if offset_refusal(node) is None else None


def faster_as_int16(_graph: Graph, node: Node) -> Int16:
    """What a node has of int16 weights where they always are faster."""
    return Int16.FASTER if offset_refusal(node) is None else Int16.ONLY


def form_refusal(graph: Graph, node: Node) -> str | None:
    """Why a kernel with one bias for each channel, one group and one vector cannot compute a layer."""
    if isinstance(node.op, Conv2D):
        if node.op.border is not None:
            return "its bias depends on the position"
        groups = groups_of(graph, node)
        return f"its channels are in {groups} groups" if groups > 1 else None
    if isinstance(node.op, FullyConnected):
        vectors = vectors_of(graph, node)
        return f"it multiplies {vectors} vectors" if vectors > 1 else None
    return None


def is_signed(p: ConvParameters) -> bool:
    """Tell whether the second rounding's correction of negative values can be seen behind the clamp."""
    return (p.minimum, p.maximum) != FULL or p.output_zero_point > p.minimum


def scaling_of(p: ConvParameters) -> Scaling:
    """How sums become outputs by multiplier, offset and shift of each channel: by which functions are named."""
    if (p.minimum, p.maximum) != FULL:
        return "clamped"
    return "signed" if is_signed(p) else "scaled"
