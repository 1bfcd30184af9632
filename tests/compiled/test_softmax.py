"""SOFTMAX of many logits, and of scales that are flat or steep, as compiled C."""

from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph
from tests.support.compiled import compile_network
from tests.support.network_builder import Builder


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
