"""Functions in float32 between int8 layers become tables, whose bytes are those of the kernels for floats."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from depthwise.codegen.formats.tflite.file_graph import FileGraph, FileOperator
from depthwise.codegen.formats.tflite.functions import UNARY
from depthwise.codegen.formats.tflite.islands import tabled
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, DType, Graph, Quantization, Tensor
from depthwise.codegen.operators import Abs, Activation, Add, Dequantize, Logistic, Mul, Operation, Quantize, Table
from depthwise.codegen.passes import optimize
from tests.support.network_builder import Builder
from tests.support.oracles import litert, tflite_micro
from tests.unit.test_tflite_reader import swap_operator

EVERY: Array = np.arange(-128, 128).astype(np.int8).reshape(1, 4, 16, 4)
# The least input that has a real result; in front of a tiny one results leave what C converts to an integer.
LEAST = {"LOG": 1, "RSQRT": 1, "SQRT": 0}
NOT_IN_TFLITE_MICRO = ("RELU_N1_TO_1", "SIGN")


def floating(build: Builder, op: Operation, *reads: int) -> int:
    return build.node(op, reads, build.tensor(build.shape(reads[0]), None, DType.FLOAT32))


def quantized(build: Builder, x: int, scale: float, zero_point: int) -> int:
    return build.node(Quantize(), (x,), build.tensor(build.shape(x), Quantization((scale,), (zero_point,))))


def start(scale: float = 0.0235, zero_point: int = -7) -> tuple[Builder, int]:
    build = Builder(1)
    x = build.tensor(EVERY.shape, Quantization((float(np.float32(scale)),), (zero_point,)))
    build.inputs.append(x)
    return build, x


def island(op: Operation) -> Graph:
    build, x = start()
    quantized(build, floating(build, op, floating(build, Dequantize(), x)), float(np.float32(0.0171)), 13)
    return build.finish("island")


def assert_table(data: bytes, given: Array = EVERY) -> None:
    graph = parse_model(data, "island")
    assert [n.op.kind for n in graph.nodes] == ["TABLE"]
    (output,) = graph.outputs
    assert np.array_equal(run(graph, given)[output], tflite_micro(data, graph, given)[output])


@pytest.mark.parametrize("name", sorted(set(UNARY) - {*NOT_IN_TFLITE_MICRO, "ABS"}))
def test_a_function_of_floats_is_a_table_with_tflite_micro_s_bytes(name: str) -> None:
    least = -7 + LEAST.get(name, -200)
    assert_table(swap_operator(island(Abs()), "ABS", name), np.maximum(EVERY, max(least, -128)).astype(np.int8))


def test_nothing_but_a_change_of_scale_is_a_table() -> None:
    build, x = start()
    quantized(build, floating(build, Dequantize(), x), 0.01, 3)
    assert_table(write_model(build.finish("rescaled")))


def test_an_expression_of_one_tensor_and_numbers_is_one_table() -> None:
    build, x = start()
    reals = floating(build, Dequantize(), x)
    one = build.constant(np.ones(1, np.float32))
    product = floating(build, Mul(Activation.NONE), reals, floating(build, Logistic(), reals))
    quantized(build, floating(build, Add(Activation.RELU6), product, one), 0.02, -100)
    assert_table(write_model(build.finish("expression")))


def test_a_division_by_the_tensor_is_a_table() -> None:
    build, x = start(zero_point=-128)
    one = build.constant(np.ones(1, np.float32))
    reals = floating(build, Dequantize(), x)
    product = build.node(Mul(Activation.NONE), (one, reals), build.tensor(EVERY.shape, None, DType.FLOAT32))
    quantized(build, product, 1.0, 0)
    assert_table(swap_operator(build.finish("reciprocal"), "MUL", "DIV"), np.maximum(EVERY, -120).astype(np.int8))


@pytest.mark.parametrize("name", ["EXP", "LOG", "GELU"])
def test_functions_that_litert_has_as_tables_are_the_same_tables(name: str) -> None:
    for scale, zero_point in ((0.0235, -7), (0.11, 100), (0.004, -128)):
        build, x = start(scale, zero_point)
        build.node(Abs(), (x,), build.tensor(EVERY.shape, Quantization((float(np.float32(0.02)),), (-20,))))
        data = swap_operator(build.finish("table"), "ABS", name)
        graph = parse_model(data, "table")
        wanted = litert(data, graph, EVERY, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
        assert np.array_equal(run(graph, EVERY)[graph.outputs[0]], wanted[graph.outputs[0]]), scale


def test_rsqrt_of_int8_is_a_table_with_tflite_micro_s_bytes() -> None:
    for scale, zero_point, out in ((0.0235, -128, 0.05), (0.3, -100, 0.01), (1e-4, -128, 0.7), (0.011, 90, 0.09)):
        build, x = start(scale, zero_point)
        build.node(Abs(), (x,), build.tensor(EVERY.shape, Quantization((float(np.float32(out)),), (-128,))))
        given = np.maximum(EVERY, zero_point).astype(np.int8)
        assert_table(swap_operator(build.finish("root"), "ABS", "RSQRT"), given)


def test_sqrt_of_int8_is_a_table_with_litert_s_bytes() -> None:
    for scale, zero_point, out in ((0.0235, -128, 0.0098), (0.3, -100, 0.031), (1e-4, -128, 0.7), (0.25, 90, 0.015625)):
        build, x = start(scale, zero_point)
        build.node(Abs(), (x,), build.tensor(EVERY.shape, Quantization((float(np.float32(out)),), (-128,))))
        data = swap_operator(build.finish("root"), "ABS", "SQRT")
        graph, given = parse_model(data, "root"), np.maximum(EVERY, zero_point).astype(np.int8)
        for resolver in (OpResolverType.BUILTIN_REF, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES):
            wanted = litert(data, graph, given, resolver)[graph.outputs[0]]
            assert np.array_equal(run(graph, given)[graph.outputs[0]], wanted), scale


def test_the_c_has_one_table_for_the_island_and_the_layers_around_it() -> None:
    build, x = start()
    x = build.node(Logistic(), (x,), build.tensor(EVERY.shape, Quantization((1 / 256,), (-128,))))
    quantized(build, floating(build, Abs(), floating(build, Dequantize(), x)), 0.01, 3)
    graph = parse_model(swap_operator(build.finish("fused"), "ABS", "EXP"), "fused")
    assert [n.op.kind for n in optimize(graph).graph.nodes] == ["TABLE"]


def test_a_picture_that_is_cast_is_a_table_of_its_integers_whatever_their_scale() -> None:
    build = Builder(1)
    x = build.tensor(EVERY.shape, Quantization((0.25,), (100,)), DType.UINT8)
    build.inputs.append(x)
    quantized(build, floating(build, Dequantize(), x), 0.5, -3)
    data = swap_operator(build.finish("picture"), "DEQUANTIZE", "CAST")
    graph = parse_model(data, "picture")
    assert [n.op.kind for n in graph.nodes] == ["TABLE"]
    interpreter = Interpreter(model_content=data, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], (EVERY.astype(np.int16) + 128).astype(np.uint8))
    interpreter.invoke()
    (output,) = graph.outputs
    assert np.array_equal(run(graph, EVERY)[output], interpreter.get_tensor(output))


def test_integers_without_a_scale_that_are_cast_have_one_of_1() -> None:
    tensors = (
        Tensor(0, "x", EVERY.shape, DType.UINT8, None),
        Tensor(1, "reals", EVERY.shape, DType.FLOAT32, None),
        Tensor(2, "y", EVERY.shape, DType.INT8, Quantization((2.0,), (-128,))),
    )
    operators = (FileOperator(0, "CAST", (0,), (1,), None), FileOperator(1, "QUANTIZE", (1,), (2,), None))
    found = tabled(FileGraph(tensors, operators, (0,), (2,), frozenset()))
    assert found.tensors[0].quantization == Quantization((1.0,), (0,))
    (operator,) = found.operators
    assert operator.made == Table(tuple((x + 1) // 2 - 128 for x in range(256)))
