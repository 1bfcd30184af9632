"""Quantization beside the published int8 models, and its memory."""

import gc
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from depthwise.codegen.floats import run as run_float
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, DType, Graph
from depthwise.codegen.quantize.calibrate import calibrate
from depthwise.codegen.quantize.closeness import logits_of, real_values
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.quantize.quantize import quantize
from tests.support.float_networks import mobilenet
from tests.support.models import model_path
from tests.support.plausible import PLAUSIBLE
from tests.support.quantizing import REAL, in_batches


def test_calibration_takes_no_more_memory_for_more_inputs() -> None:
    graph = mobilenet(side=32)

    def stream(count: int) -> Iterator[Array]:
        rng = np.random.default_rng(0)
        for _ in range(count):
            gc.collect()  # what waits for the collector is not what calibration keeps
            yield rng.standard_normal((8, 32, 32, 3)).astype(np.float32)

    def peak(count: int) -> int:
        tracemalloc.start()
        calibrate(graph, lambda: stream(count))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)
    few = peak(24)  # enough for bins to have been merged once, which takes a copy of them
    assert peak(120) < 1.05 * few


def answers(graph: Graph, x: Array) -> tuple[np.ndarray, np.ndarray]:
    """Scores and logits of a float or int8 network, in real numbers."""
    scores: list[Array] = []
    logits: list[Array] = []
    for i in range(0, len(x), 25):
        values = (
            run_float(graph, x[i : i + 25])
            if graph.tensors[graph.inputs[0]].dtype is DType.FLOAT32
            else run(graph, quantized_input(graph, x[i : i + 25]))
        )
        for found, index in ((scores, graph.outputs[0]), (logits, logits_of(graph)[0])):
            tensor = graph.tensors[index]
            found.append(values[index] if tensor.quantization is None else real_values(tensor, values[index]))
    return np.concatenate(scores), np.concatenate(logits)


@pytest.mark.parametrize("name", REAL)
def test_ours_agrees_with_the_float_original_at_least_as_well_as_the_published_int8_model(name: str) -> None:
    original, published = read_model(model_path(f"{name}_float")), read_model(model_path(f"{name}_int8"))
    x = PLAUSIBLE[name](200, 2)
    ours = quantize(original, in_batches(PLAUSIBLE[name](100, 1))).graph
    wanted, logits = answers(original, x)
    agreement, difference, noise = {}, {}, {}
    for which, graph in (("ours", ours), ("published", published)):
        scores, found = answers(graph, x)
        agreement[which] = float((scores.argmax(axis=1) == wanted.argmax(axis=1)).mean())
        difference[which] = float(np.abs(scores - wanted).mean())
        noise[which] = float(((found - logits) ** 2).sum())
    assert agreement["ours"] >= agreement["published"]
    assert difference["ours"] < difference["published"]
    assert noise["ours"] < noise["published"]
