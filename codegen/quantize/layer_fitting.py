"""Fits weights and biases of the int8 network to what the float network computes, layer after layer.

Each layer is fitted on what it really reads: what the int8 network has computed with all layers before fitted already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.floats.float_model import compute
from depthwise.codegen.golden import model as golden
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import has_weights
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.operators.parts.computing import floats

from .adaptive_rounding import rounded
from .bias_correction import corrected_bias
from .calibrate import CalibrationProgress
from .input_levels import quantized_inputs
from .quantized import Built

INPUTS: Final = 64
LIVE_ELEMENTS: Final = 8_000_000
FITTING: Final = "fitting layers"


@dataclass(frozen=True, slots=True)
class Fitting:
    """What is fitted: to which neighbour each weight is rounded, and biases."""

    weights: bool
    biases: bool


def inputs_needed(graph: Graph) -> int:
    """Inputs that are compared, all at once: 64, or as many as fit into some hundred megabytes."""
    largest = max(graph.output_of(n).elements for n in graph.nodes)
    return max(1, min(INPUTS, LIVE_ELEMENTS // max(largest, 1)))


def fitted(
    graph: Graph,
    built: Built,
    inputs: Mapping[int, Array],
    how: Fitting,
    progress: CalibrationProgress = lambda _what, _done: None,
) -> Built:
    """The int8 network fitted on float32 inputs [N, …], by tensor."""
    reals: dict[int, Array] = dict(inputs)
    levels = quantized_inputs(built, inputs)
    made = built.graph
    last = {i: node for node in graph.nodes for i in node.inputs}
    for place, node in enumerate(graph.nodes):
        twin = made.nodes[place]
        if has_weights(node.op) and how.weights:
            made = _with_weights(graph, node, made, twin, levels[twin.inputs[0]])
        if has_weights(node.op) and how.biases:
            bias = corrected_bias(graph, node, made, twin, reals=reals, levels=levels)
            made = _with_constant(made, twin.inputs[2], bias)
        reals[node.output] = compute(graph, node, reals)
        levels[twin.output] = golden.compute_cases(made, twin, levels, Mode.TFLM)
        for read, mirror in zip(node.inputs[:2], twin.inputs[:2], strict=False):
            if last[read] is node:
                reals.pop(read, None)
                levels.pop(mirror, None)
        progress(FITTING, place + 1)
    return replace(built, graph=made)


def _with_weights(graph: Graph, node: Node, made: Graph, twin: Node, read: Array) -> Graph:
    real = floats(graph.tensors[node.inputs[1]].data)
    centred = floats(read) - quantization_of(made.tensors[twin.inputs[0]]).zero_point
    return _with_constant(made, twin.inputs[1], rounded(made, twin, real, centred))


def _with_constant(graph: Graph, index: int, data: Array) -> Graph:
    data.setflags(write=False)
    made = replace(graph.tensors[index], data=data)
    return replace(graph, tensors=(*graph.tensors[:index], made, *graph.tensors[index + 1 :]))
