"""Float networks with arithmetic on two operands, reductions and matrices for each pixel have int8 forms near them."""

from collections.abc import Callable

import numpy as np
import pytest

from depthwise.codegen.floats import run as run_float
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import (
    Activation,
    Add,
    Logistic,
    Maximum,
    Minimum,
    Mul,
    ReduceMax,
    Softmax,
    Sub,
    Sum,
)
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.passes import lower
from depthwise.codegen.quantize.quantize import Quantized, quantize
from tests.support.float_networks import Layers, images
from tests.support.oracles import differing
from tests.support.quantizing import in_batches

NONE = Activation.NONE


def constant(net: Layers, name: str, *shape: int) -> int:
    return net.build.constant(name, net.rng.normal(0.3, 1, shape).astype(np.float32))


def excite(net: Layers) -> int:
    """Squeeze and excite."""
    x = net.conv(net.build.input("image", 1, 10, 9, 3), 6, activation=Activation.RELU)
    gate = net.conv(net.build.mean("squeezed", x, keep=True), 6, 1)
    gate = net.build.unary("gate", gate, Logistic())
    return net.conv(net.build.node("excited", Mul(NONE), (x, gate), net.build.shape(x)), 4)


def constants(net: Layers) -> int:
    """A map less one number for each column, times a number for each element, at most a number."""
    x = net.conv(net.build.input("image", 1, 7, 6, 3), 5, activation=NONE)
    shape = net.build.shape(x)
    x = net.build.node("less", Sub(NONE), (constant(net, "columns", 1, 1, 6, 1), x), shape)
    x = net.build.node("times", Mul(Activation.RELU), (x, constant(net, "map", *shape)), shape)
    x = net.build.node("at_most", Minimum(), (x, constant(net, "most")), shape)
    return net.conv(x, 3)


def compared(net: Layers) -> int:
    """The larger of two maps of different ranges, and of that and a number."""
    image = net.build.input("image", 1, 7, 6, 3)
    one, other = net.conv(image, 4), net.conv(image, 4)
    shape = net.build.shape(one)
    wide = net.build.node("wide", Add(NONE), (other, other), shape)
    x = net.build.node("larger", Maximum(), (one, wide), shape)
    return net.conv(net.build.node("least", Maximum(), (x, constant(net, "number", 1)), shape), 3)


def reduced(net: Layers) -> int:
    """Sums along the width, and the largest along the height."""
    x = net.conv(net.build.input("image", 1, 7, 6, 3), 5)
    one, two = (net.build.constant(f"axis{i}", np.array([i], np.int32)) for i in (1, 2))
    x = net.build.node("sums", Sum((2,)), (x, two), (1, 7, 1, 5))
    return net.build.node("largest", ReduceMax((1,)), (x, one), (1, 1, 1, 5))


def own_scale(net: Layers) -> int:
    """The larger of scores, whose scale is fixed, and what they are of; and of that and more than it reaches."""
    x = net.dense(net.build.reshape("flat", net.build.input("image", 1, 4, 4, 1), 1, 16), 5)
    scores = net.build.unary("scores", x, Softmax(1.0))
    x = net.build.node("larger", Maximum(), (scores, x), (1, 5))
    far = net.build.constant("far", np.array([50, -50, 0, 0, 0], np.float32))
    return net.build.node("largest", Maximum(), (x, far), (1, 5))


def made(draw: Callable[[Layers], int]) -> tuple[Graph, Quantized]:
    net = Layers(7)
    draw(net)
    graph = net.build.finish("net")
    return graph, quantize(graph, in_batches(images(graph, 48)))


@pytest.mark.parametrize("draw", [excite, constants, compared, reduced, own_scale])
def test_the_int8_form_is_near_the_float_network_and_that_of_tflite_micro(draw: Callable[[Layers], int]) -> None:
    graph, quantized = made(draw)
    given = images(graph, 8, seed=3).astype(np.float32)
    right = run_float(graph, given)[graph.outputs[0]].astype(np.float64)
    mine = quantized.graph
    q, out = quantization_of(mine.tensors[mine.inputs[0]]), quantization_of(mine.tensors[mine.outputs[0]])
    levels = np.clip(np.rint(given / q.scale) + q.zero_point, -128, 127).astype(np.int8)
    values = run(mine, levels)[mine.outputs[0]].astype(np.float64)
    noise = (values - out.zero_point) * out.scale - right
    assert 10 * np.log10((right**2).sum() / (noise**2).sum()) > 25
    assert differing(lower(mine), levels[:1], write_model(mine)) == {}


def test_tensors_that_are_compared_have_one_quantization() -> None:
    _, quantized = made(compared)
    for node in quantized.graph.nodes:
        if isinstance(node.op, Maximum):
            tensors = (*quantized.graph.inputs_of(node), quantized.graph.output_of(node))
            assert len({t.quantization for t in tensors}) == 1
