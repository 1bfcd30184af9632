"""Networks whose clamps are not int8's, a ReLU6 that ends below 127, a ReLU that begins above -128, both, few; and
those whose zero point lies inside of the clamp, so that the rounding of negative values can be seen.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import Activation, is_activated
from depthwise.codegen.operators.registry import has_weights
from depthwise.codegen.operators.validate import validate
from tests.support.network_builder import Builder

SIX: Final = 6.0  # where a ReLU6 ends
WIDER: Final = 3.0  # than the builder's, so that many outputs meet a clamp
MOVED: Final = ((-128, 126), (-128, 117), (-128, 50), (-128, 0), (-127, 127), (-40, 127), (0, 127))
HELD: Final = ((-127, 126), (-120, 100), (-100, 99), (0, 50), (-128, -1), (-128, -127), (1, 127), (126, 127))
CLAMPS: Final = (*MOVED, (-120, 100), (0, 50), (-128, -2))  # of whole networks


# Zero points, and how far from them a RELU_N1_TO_1 ends: its clamp is all of int8, has one of its ends, or none.
INSIDE: Final = ((0, 255), (-28, 100), (90, 60), (-50, 20))


def patched_chain(width: int) -> Graph:
    """Channels in groups and spread pixels, whose patches are copied."""
    build = Builder(width)
    x = build.conv(build.input(1, 5, width, 6), 6, (3, 3), groups=2)
    x = build.conv(x, 9, (2, 3), groups=3, same=False)
    x = build.transpose_conv(x, 5, (3, 3), (2, 2), activation=Activation.RELU)
    return build.finish(f"patched_{width}", x)


def clamped(graph: Graph, minimum: int, maximum: int) -> Graph:
    """The same with every ReLU's clamp between these numbers."""
    activation = Activation.RELU6 if maximum < 127 else Activation.RELU
    given = Quantization((float(np.float32(SIX / (maximum - minimum))),), (minimum,))
    return _quantized(graph, given, activation, f"{graph.name}_{minimum % 256}_{maximum % 256}")


def around(graph: Graph, zero_point: int, reach: int) -> Graph:
    """The same with every activation a RELU_N1_TO_1 from this far below the zero point to as far above it."""
    given = Quantization((float(np.float32(1 / reach)),), (zero_point,))
    return _quantized(graph, given, Activation.RELU_N1_TO_1, f"{graph.name}_{zero_point % 256}_{reach}")


def _quantized(graph: Graph, given: Quantization, activation: Activation, name: str) -> Graph:
    """All that is computed is quantized in one way; scales of weights make up for it."""
    held = (t.data is not None or t.quantization is None for t in graph.tensors)
    tensors = [t if own else replace(t, quantization=given) for t, own in zip(graph.tensors, held, strict=True)]
    for node in graph.nodes:
        if has_weights(node.op):
            _rescale(graph, node, tensors, given.scale)
    nodes = tuple(_activated(node, activation) for node in graph.nodes)
    made = replace(graph, name=name, tensors=tuple(tensors), nodes=nodes)
    validate(made)
    return made


def _activated(node: Node, activation: Activation) -> Node:
    """The node with another activation, if it has one."""
    op = node.op
    if not is_activated(op) or op.activation is Activation.NONE:
        return node
    return replace(node, op=replace(op, activation=activation))


def _rescale(graph: Graph, node: Node, tensors: list[Tensor], scale: float) -> None:
    """Scales of weights and biases, so that sums are multiplied by `WIDER` times what they were."""
    before, after = (graph.tensors[i].quantization for i in (node.inputs[0], node.output))
    assert before is not None
    assert after is not None
    factor = WIDER * before.scale / after.scale
    own = graph.tensors[node.inputs[1]].quantization
    assert own is not None
    for index, unit, axis in zip(node.inputs[1:3], (1.0, scale), (own.axis, 0), strict=False):
        scales = tuple(float(np.float32(s * factor * unit)) for s in own.scales)
        given = Quantization(scales, (0,) * len(scales), axis)
        tensors[index] = replace(tensors[index], quantization=given)
