"""The fixed-point exponential and reciprocal of SOFTMAX against exact values, and SOFTMAX where it is hardest."""

import math

import numpy as np
import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.operators.parts.exponential import exp_negative, one_over_one_plus
from tests.support.network_builder import Builder
from tests.support.oracles import tflite_micro


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
