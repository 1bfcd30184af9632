"""Networks that compute what another does and that int8 cannot hold: channels scaled against each other."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.floats.affine import scaled_input, scaled_output
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import Activation, Conv2D, DepthwiseConv2D
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.quantize.equalize import links
from depthwise.host.demo import load_digits
from tests.support.float_networks import in_floats


def unbalanced(graph: Graph, octaves: float, seed: int) -> Graph:
    """Multiply each channel before a depthwise layer by 2^(−octaves…0) and divide it out again behind.

    Exactly the same function where ReLU lies between; what training and the folding of normalizations do to
    MobileNets, and what makes quantization after training collapse (Nagel et al., 2019, figure 2).
    """
    rng = np.random.default_rng(seed)
    for link in links(graph):
        first = next(n for n in graph.nodes if n.output == link.first.output)
        second = next(n for n in graph.nodes if n.output == link.second.output)
        if isinstance(second.op, DepthwiseConv2D):
            factors = 2.0 ** rng.uniform(-octaves, 0, graph.output_of(first).shape[-1])
            graph = scaled_input(scaled_output(graph, first, factors), second, 1 / factors)
    return graph


def float_digits() -> Graph:
    """The bundled digits network in real numbers, with RELU for RELU6 so that channels can be scaled freely."""
    graph = in_floats(read_model(load_digits().model))
    return replace(graph, name="digits", nodes=tuple(_with_relu(n) for n in graph.nodes))


def _with_relu(node: Node) -> Node:
    if isinstance(node.op, Conv2D | DepthwiseConv2D) and node.op.activation is Activation.RELU6:
        return replace(node, op=replace(node.op, activation=Activation.RELU))
    return node


def shifted_digits(copies: int, seed: int) -> Array:
    """The bundled pictures in real numbers, each shifted by up to 3 pixels, brightened and speckled at random."""
    digits = load_digits()
    graph = read_model(digits.model)
    q = quantization_of(graph.tensors[graph.inputs[0]])
    ink = (digits.images.astype(np.float32) - q.zero_point) * np.float32(q.scale)
    rng = np.random.default_rng(seed)
    made = [
        np.roll(picture, rng.integers(-3, 4, 2), (0, 1)) * rng.uniform(0.7, 1.1) + rng.normal(0, 0.03, picture.shape)
        for _ in range(copies)
        for picture in ink
    ]
    scaled: Array = np.clip(np.stack(made), 0, 1).astype(np.float32)
    return scaled
