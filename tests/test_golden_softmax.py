"""The fixed-point exponential and reciprocal of SOFTMAX against exact values, and SOFTMAX where it is hardest."""

import math
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.golden.softmax import exp_negative, one_over_one_plus
from depthwise.codegen.graph import Graph
from depthwise.codegen.tflite.writer import write_model

from .compiled import compile_network
from .network_builder import Builder
from .oracles import tflite_micro


def test_the_exponential_is_as_right_as_four_terms_of_its_taylor_series_allow() -> None:
    x = -np.unique(np.geomspace(1, 31 * 2**26, 100_000).astype(np.int64))
    error = exp_negative(x) / 2**31 - np.exp(x / 2**26)
    remainder = (1 / 8) ** 5 / math.factorial(5)  # expanded around -1/8, on an interval of 1/8 to each side
    assert np.abs(error).max() < remainder


def test_the_exponential_of_zero_is_the_largest_fraction_below_one() -> None:
    assert exp_negative(np.zeros(1, np.int64)).tolist() == [2**31 - 1]


def test_the_reciprocal_is_right_to_27_bits() -> None:
    x = np.linspace(0, 2**31 - 1, 100_001).astype(np.int64)
    error = one_over_one_plus(x) / 2**31 - 1 / (1 + x / 2**31)
    assert np.abs(error).max() < 2.0**-27


@pytest.mark.parametrize("scale", [1e-4, 0.003, 0.02, 0.1, 0.5, 2.0, 30.0])
def test_softmax_equals_tflite_micro_from_flat_to_steep_scales(scale: float) -> None:
    build = Builder(0)
    source = build.tensor((1, 300), build.activation(scale))
    build.inputs.append(source)
    build.softmax(source)
    graph = build.finish("softmax")
    data = write_model(graph)
    for seed in range(8):
        rng = np.random.default_rng(seed)
        lowest = int(rng.integers(-128, 127))
        logits = rng.integers(lowest, 128, (1, 300)).astype(np.int8)
        expected = tflite_micro(data, graph, logits)[graph.outputs[0]]
        assert np.array_equal(run(graph, logits)[graph.outputs[0]], expected)


def softmax_graph(count: int, scale: float) -> Graph:
    build = Builder(0)
    source = build.tensor((1, count), build.activation(scale))
    build.inputs.append(source)
    build.softmax(source)
    return build.finish("softmax")


@pytest.mark.parametrize("count", [511, 512, 513, 1000, 4095, 4096, 8191, 8192, 20_000])
def test_many_equal_logits_neither_overflow_nor_hang(count: int, tmp_path: Path) -> None:
    """TensorFlow Lite Micro aborts from 512 on; every score is 1 / count, half of 1/256 at most."""
    graph = softmax_graph(count, 0.1)
    logits = np.full((1, count), 7, np.int8)
    scores = run(graph, logits)[graph.outputs[0]]
    assert set(scores.ravel().tolist()) <= {-128, -127}
    assert set(scores.ravel().tolist()) == {-128} or count < 512
    again, _ = compile_network(graph, tmp_path).run(logits)
    assert np.array_equal(again, scores)


@pytest.mark.parametrize("scale", [1e-30, 5.8e-9, 1.4e-8, 1e-7, 30.0, 1e9])
def test_flat_and_steep_scales_are_computed_as_the_golden_model_does(scale: float, tmp_path: Path) -> None:
    graph = softmax_graph(13, scale)
    logits = np.arange(-128, 128, 20, dtype=np.int64).astype(np.int8)[None, :13]
    scores = run(graph, logits)[graph.outputs[0]]
    exact = np.exp((logits - logits.max(axis=-1, keepdims=True).astype(np.int64)) * scale)
    assert np.abs(256 * exact / exact.sum() - 128 - scores).max() <= 1.0
    again, _ = compile_network(graph, tmp_path).run(logits)
    assert np.array_equal(again, scores)
