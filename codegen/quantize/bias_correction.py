"""Empirical bias correction: what rounding shifts a channel's mean by is taken out of its bias.

After Nagel et al. (2019), section 4.2, measured instead of derived: layer after layer, the int8 network's sums are
compared with the float network's on the same inputs, with all layers before already corrected.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.floats.float_model import before_activation, compute
from depthwise.codegen.golden import model as golden
from depthwise.codegen.graph import Array, Graph, Node, Tensor
from depthwise.codegen.operators import has_weights, weights_of
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.operators.parts.computing import floats

from .quantized import Built

Float64 = NDArray[np.float64]
INPUTS: Final = 64
LIVE_ELEMENTS: Final = 8_000_000


def inputs_needed(graph: Graph) -> int:
    """Inputs that are compared, all at once: 64, or as many as fit into some hundred megabytes."""
    largest = max(graph.output_of(n).elements for n in graph.nodes)
    return max(1, min(INPUTS, LIVE_ELEMENTS // max(largest, 1)))


def corrected(graph: Graph, built: Built, inputs: Mapping[int, Array]) -> Built:
    """The int8 network with biases corrected on float32 inputs [N, …], by tensor."""
    reals: dict[int, Array] = dict(inputs)
    levels = quantized_inputs(built, inputs)
    made = built.graph
    last = {i: node for node in graph.nodes for i in node.inputs}
    for place, node in enumerate(graph.nodes):
        twin = made.nodes[place]
        if has_weights(node.op):
            made = _with_bias(made, twin, _shift(graph, node, made, twin, reals=reals, levels=levels))
        reals[node.output] = compute(graph, node, reals)
        levels[twin.output] = golden.compute_cases(made, twin, levels, Mode.TFLM)
        for read, mirror in zip(node.inputs[:2], twin.inputs[:2], strict=False):
            if last[read] is node:
                reals.pop(read, None)
                levels.pop(mirror, None)
    return replace(built, graph=made)


def quantized_inputs(built: Built, inputs: Mapping[int, Array]) -> dict[int, Array]:
    """Real inputs, by tensor of the float network, as the int8 network takes them, by its own."""
    mine = {built.tensors[i]: values for i, values in inputs.items()}
    return {i: _quantized(built.graph.tensors[i], values) for i, values in mine.items()}


def quantized_input(graph: Graph, images: Array) -> Array:
    """Real inputs as the int8 (or uint8) network takes its first one."""
    return _quantized(graph.tensors[graph.inputs[0]], images)


def _quantized(tensor: Tensor, images: Array) -> Array:
    q = quantization_of(tensor)
    low = -128 if tensor.dtype.value == "int8" else 0
    steps = np.rint(images.astype(np.float64) / q.scale) + q.zero_point
    levels: Array = np.clip(steps, low, low + 255).astype(tensor.dtype.value)
    return levels


def _shift(
    graph: Graph, node: Node, made: Graph, twin: Node, *, reals: dict[int, Array], levels: dict[int, Array]
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


def _with_bias(graph: Graph, node: Node, shift: Float64) -> Graph:
    tensor = graph.tensors[node.inputs[2]]
    assert tensor.data is not None
    data = np.clip(np.rint(floats(tensor.data) + shift), -(2**31), 2**31 - 1).astype(np.int32)
    data.setflags(write=False)
    tensors = (*graph.tensors[: tensor.index], replace(tensor, data=data), *graph.tensors[tensor.index + 1 :])
    return replace(graph, tensors=tensors)
