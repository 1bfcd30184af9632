"""Floats in a quantized network: scores at its end are left to the caller, everything else is one named error."""

import numpy as np
import pytest

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import DType, Graph
from depthwise.codegen.operators import (
    Abs,
    Dequantize,
    Logistic,
    LogSoftmax,
    Operation,
    Quantize,
    Relu,
    Relu6,
    Softmax,
)
from depthwise.codegen.passes import lower, optimize
from tests.support.network_builder import Builder
from tests.support.networks import image
from tests.support.oracles import tflite_micro
from tests.unit.test_tflite_reader import swap_operator

SCORES: list[Operation] = [Logistic(), LogSoftmax(), Softmax(1.0)]


def floating(build: Builder, op: Operation, x: int) -> int:
    return build.node(op, (x,), build.tensor(build.shape(x), None, DType.FLOAT32))


def scored(*ops: Operation) -> Graph:
    """A matrix, and functions in float32 of what it writes."""
    build = Builder(5)
    x = floating(build, Dequantize(), build.dense(build.input(1, 20), 7))
    for op in ops:
        x = floating(build, op, x)
    return parse_model(write_model(build.finish("scored")), "scored")


@pytest.mark.parametrize("op", SCORES, ids=lambda op: op.kind)
def test_scores_in_floats_at_the_end_are_left_out_and_told(op: Operation) -> None:
    graph = scored(op)
    assert graph.notes == (
        f"layer 2 ({op.kind}) works in float32 on the last scores: left out, which keeps their order",
    )
    assert [n.op.kind for n in optimize(graph).graph.nodes] == ["FULLY_CONNECTED"]


@pytest.mark.parametrize("op", SCORES, ids=lambda op: op.kind)
def test_scores_in_floats_are_those_of_tflite_micro_to_the_last_bits(op: Operation) -> None:
    graph = scored(op)
    for seed in range(5):
        given = image(graph, seed)
        theirs = np.asarray(tflite_micro(write_model(graph), graph, given)[graph.outputs[0]], np.float32)
        np.testing.assert_array_max_ulp(np.asarray(run(graph, given)[graph.outputs[0]], np.float32), theirs, 2)


def test_two_functions_of_the_last_scores_both_go() -> None:
    assert [n.op.kind for n in lower(scored(Logistic(), Softmax(1.0))).nodes] == ["FULLY_CONNECTED"]


def test_a_float_layer_that_does_not_keep_the_order_is_left_to_the_caller() -> None:
    graph = scored(Relu(), Softmax(1.0))
    (note,) = graph.notes
    assert note.startswith("left to the caller: layer 2 (RELU), layer 3 (SOFTMAX); outputs of the network are tensors")
    assert [n.op.kind for n in optimize(graph).graph.nodes] == ["FULLY_CONNECTED"]


def with_unknown_end(*, quantized: bool = False) -> bytes:
    """Two matrices; of the first one's scores something unknown is made in float32, or of 8 bits."""
    build = Builder(5)
    first = build.dense(build.input(1, 20), 7)
    second = build.dense(first, 4)
    reals = floating(build, Abs(), floating(build, Dequantize(), first))
    end = build.node(Quantize(), (reals,), build.tensor((1, 7), build.activation(0.01))) if quantized else reals
    return swap_operator(build.finish("detector", second, end), "ABS", "TOPK_V2")


def test_an_unknown_operator_behind_the_last_int8_layer_is_left_to_the_caller() -> None:
    graph = parse_model(with_unknown_end(), "detector")
    lowered = lower(graph)
    assert [n.op.kind for n in lowered.nodes] == ["FULLY_CONNECTED", "FULLY_CONNECTED"]
    assert lowered.outputs == (lowered.nodes[1].output, lowered.nodes[0].output)
    assert "left to the caller: layer 3 (TOPK_V2); outputs" in graph.notes[0]


def test_an_unknown_operator_that_int8_layers_read_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"layer 3 \(TOPK_V2\) is not supported"):
        parse_model(with_unknown_end(quantized=True), "detector")


def test_float_layers_between_int8_layers_are_refused_by_name() -> None:
    build = Builder(6)
    x = build.conv(build.input(1, 5, 5, 2), 3)
    x = floating(build, Softmax(1.0), floating(build, Dequantize(), x))
    x = build.node(Quantize(), (x,), build.tensor(build.shape(x), build.activation(0.01)))
    build.conv(x, 2)
    with pytest.raises(UnsupportedError, match=r"layer 1 \(DEQUANTIZE\), layer 2 \(SOFTMAX\) write float32") as error:
        parse_model(write_model(build.finish("mixed")), "mixed")
    assert "full integer" in (error.value.hint or "")


def test_a_relu6_that_tflite_micro_computes_otherwise_is_told() -> None:
    build = Builder(7)
    x = build.input(1, 4, 4, 2)
    build.node(Relu6(), (x,), build.tensor(build.shape(x), build.activation(0.02)))
    graph = parse_model(write_model(build.finish("clamp")), "clamp")
    assert graph.notes == (
        "layer 0 (RELU6) changes the quantization, which TensorFlow Lite Micro ignores: so does this",
    )
