"""Functions of single elements and of vectors in float networks: as LiteRT computes them, and their int8 form."""

from typing import Final

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.floats import run as run_float
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph, Quantization
from depthwise.codegen.operators import (
    Abs,
    Elu,
    HardSwish,
    LeakyRelu,
    Logistic,
    LogSoftmax,
    Operation,
    Prelu,
    ReluN1To1,
    Softmax,
    Tanh,
)
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.quantize.closeness import real_values
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.quantize.quantize import QuantizeOptions, quantize
from tests.support.float_networks import images, in_floats
from tests.support.function_networks import function_network
from tests.support.network_builder import Builder
from tests.support.oracles import differing, litert
from tests.support.quantizing import in_batches

LEAST_DB: Final = 28.0
OPERATIONS: Final[tuple[Operation, ...]] = (
    Abs(),
    Elu(),
    HardSwish(),
    LeakyRelu(0.125),
    Logistic(),
    LogSoftmax(),
    ReluN1To1(),
    Softmax(1.0),
    Tanh(),
)
FIXED: Final = {
    "LOGISTIC": Quantization((1 / 256,), (-128,)),
    "LOG_SOFTMAX": Quantization((1 / 16,), (127,)),
    "SOFTMAX": Quantization((1 / 256,), (-128,)),
    "TANH": Quantization((1 / 128,), (0,)),
}
EACH = pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.kind)


def float_function(op: Operation, *alpha: int) -> Graph:
    """A convolution and a function of it, in real numbers."""
    build = Builder(31)
    x = build.conv(build.input(1, 6, 5, 3), 6)
    constants = (build.constant(build.rng.integers(-50, 100, alpha).astype(np.int8), Quantization((0.01,), (0,))),)
    inputs = (x, *constants) if alpha else (x,)
    output = FIXED.get(op.kind, Quantization((build.quantization(x).scale,), (-20,)))
    build.node(op, inputs, build.tensor(build.shape(x), output))
    return in_floats(build.finish("function"))


def assert_as_litert(graph: Graph) -> None:
    x = images(graph, 1)
    ours = run_float(graph, x)
    theirs = litert(write_model(graph), graph, x, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    for node in graph.nodes:
        wanted = np.asarray(theirs[node.output].reshape(ours[node.output].shape), np.float64)
        nearly = 1e-5 * max(float(np.abs(wanted).max()), 1)
        np.testing.assert_allclose(np.asarray(ours[node.output], np.float64), wanted, rtol=1e-4, atol=nearly)


@EACH
def test_a_function_is_litert_s(op: Operation) -> None:
    assert_as_litert(float_function(op))


def test_networks_of_functions_are_litert_s() -> None:
    for seed in range(20):
        assert_as_litert(in_floats(function_network(seed)))


def test_a_slope_for_each_channel_is_litert_s() -> None:
    assert_as_litert(float_function(Prelu(), 1, 1, 6))


@EACH
def test_the_int8_form_has_the_quantization_of_the_specification_and_is_close(op: Operation) -> None:
    assert_close_in_int8(float_function(op))


@pytest.mark.parametrize("alpha", [(6,), (1, 1, 6), (6, 5, 6)])
def test_slopes_of_their_own_are_rounded_with_a_scale_of_their_own(alpha: tuple[int, ...]) -> None:
    assert_close_in_int8(float_function(Prelu(), *alpha))


def assert_close_in_int8(graph: Graph) -> None:
    given = images(graph, 40)
    made = quantize(graph, in_batches(given), QuantizeOptions(calibration="minmax"))
    last = made.graph.nodes[-1]
    wanted = FIXED.get(last.op.kind)
    assert wanted in (None, quantization_of(made.graph.output_of(last)))
    assert parse_model(write_model(made.graph), "int8").nodes == made.graph.nodes
    inside = quantized_input(made.graph, given)
    if last.op.kind != "RELU_N1_TO_1":
        assert differing(made.graph, inside[:1], write_model(made.graph)) == {}
    real = real_values(made.graph.output_of(last), run(made.graph, inside)[last.output])
    right = np.asarray(run_float(graph, given)[graph.outputs[0]], np.float64)
    assert 10 * np.log10((right**2).sum() / ((right - real) ** 2).sum()) > LEAST_DB
