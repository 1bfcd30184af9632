"""Requantisation at accumulators of our choice: weights are zero, so the bias is the accumulator.

Each channel has its own scale, so one run of tflite-micro or LiteRT tells what becomes of thousands of pairs
of accumulator and scale: those around rounding ties, and those that overflow 32 bits on the way.
"""

from dataclasses import replace

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType
from numpy.typing import NDArray

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import Mode, run
from depthwise.codegen.graph import Array, DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import Activation, Conv2D, FullyConnected, Operation, Pads
from depthwise.codegen.operators.parameters import conv_parameters
from tests.support.oracles import litert, tflite_micro

CONV = Conv2D((1, 1), Pads(), (1, 1), Activation.NONE)
DENSE = FullyConnected(Activation.NONE)
INPUT_SCALE, OUTPUT_SCALE = (float(np.float32(scale)) for scale in (0.0473, 0.1171))


def bench(op: Operation, weight_scales: NDArray[np.float32], accumulators: NDArray[np.int32]) -> Graph:
    """One layer whose channels have the given weight scales and accumulators."""
    count, conv = len(accumulators), isinstance(op, Conv2D)
    scales = tuple(float(s) for s in weight_scales)
    weights = np.zeros((count, 1, 1, 1) if conv else (count, 1), np.int8)
    shapes = ((1, 1, 1, 1), (1, 1, 1, count)) if conv else ((1, 1), (1, count))
    products = tuple(float(np.float32(INPUT_SCALE) * s) for s in weight_scales)
    tensors = (
        Tensor(0, "in", shapes[0], DType.INT8, Quantization((INPUT_SCALE,), (3,))),
        Tensor(1, "weights", weights.shape, DType.INT8, Quantization(scales, (0,) * len(scales)), data=weights),
        Tensor(2, "bias", (count,), DType.INT32, Quantization(products, (0,) * len(scales)), data=accumulators),
        Tensor(3, "out", shapes[1], DType.INT8, Quantization((OUTPUT_SCALE,), (-7,))),
    )
    return Graph("bench", tensors, (Node(0, op, (0, 1, 2), 3),), inputs=(0,), outputs=(3,))


def around_ties(seed: int, count: int, lowest: float, highest: float) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Weight scales, and accumulators within 3 of a rounding tie inside the int8 range.

    lowest and highest bound the binary logarithm of the effective scale.
    """
    rng = np.random.default_rng(seed)
    effective = 2.0 ** rng.uniform(lowest, highest, count)
    scales = (effective * OUTPUT_SCALE / INPUT_SCALE).astype(np.float32)
    real = INPUT_SCALE * scales.astype(np.float64) / OUTPUT_SCALE
    ties = (rng.integers(-120, 120, count) + 0.5) / real
    return scales, (np.round(ties) + rng.integers(-3, 4, count)).astype(np.int32)


def differing(graph: Graph, expected: Array, mode: Mode = Mode.TFLM) -> int:
    got = run(graph, np.zeros(graph.tensors[0].shape, np.int8), mode)[3]
    return int(np.count_nonzero(got.ravel() != expected.ravel()))


def by_tflite_micro(graph: Graph) -> NDArray[np.int8]:
    image = np.zeros(graph.tensors[0].shape, np.int8)
    return tflite_micro(write_model(graph), graph, image)[3].astype(np.int8)


@pytest.mark.parametrize("op", [CONV, DENSE], ids=["conv", "dense"])
@pytest.mark.parametrize(("lowest", "highest"), [(-23.9, -16), (-16, -8), (-8, 0), (0, 5)])
def test_accumulators_around_ties_round_as_in_tflite_micro(op: Operation, lowest: float, highest: float) -> None:
    for seed in range(4):
        graph = bench(op, *around_ties(seed, 4096, lowest, highest))
        assert differing(graph, by_tflite_micro(graph)) == 0


@pytest.mark.parametrize("op", [CONV, DENSE], ids=["conv", "dense"])
def test_any_int32_accumulator_under_any_scale_gives_what_tflite_micro_gives(op: Operation) -> None:
    rng = np.random.default_rng(9)
    scales = (2.0 ** rng.uniform(-36, 29, 8192)).astype(np.float32)
    ends = np.array([-(2**31), 2**31 - 1, -(2**30), 2**30, 0, -1], np.int32)
    magnitudes = 2.0 ** rng.uniform(0, 31, 8192) * rng.choice([-1, 1], 8192)
    accumulators = magnitudes.clip(-(2**31), 2**31 - 1).astype(np.int32)
    accumulators[::8] = rng.choice(ends, 1024)
    graph = bench(op, scales, accumulators)
    assert max(conv_parameters(graph, graph.nodes[0]).shifts) > 20
    assert differing(graph, by_tflite_micro(graph)) == 0


def test_a_dense_layer_with_one_scale_for_all_weights_rounds_as_in_tflite_micro() -> None:
    for seed in range(10):
        scale = around_ties(seed, 1, -22.9, -22)[0]
        effective = INPUT_SCALE * float(scale[0]) / OUTPUT_SCALE
        steps = np.arange(1024)
        accumulators = np.round((steps % 240 - 119.5) / effective) + steps // 240 * 2 - 4
        graph = bench(DENSE, scale, accumulators.astype(np.int32))
        assert differing(graph, by_tflite_micro(graph)) == 0


@pytest.mark.parametrize("op", [CONV, DENSE], ids=["conv", "dense"])
def test_a_sum_beyond_32_bits_wraps_as_in_tflite_micro(op: Operation) -> None:
    rng = np.random.default_rng(3)
    ends = np.where(rng.integers(0, 2, 256), 2**31 - 1, -(2**31)) + rng.integers(-9000, 9000, 256)
    biases = ends.clip(-(2**31), 2**31 - 1).astype(np.int32)
    scales = (2.0 ** rng.uniform(-26, -22, 256)).astype(np.float32)
    graph = bench(op, scales, biases)
    weights = rng.choice(np.array([-127, 127], np.int8), graph.tensors[1].shape)
    tensors = (graph.tensors[0], replace(graph.tensors[1], data=weights), *graph.tensors[2:])
    loaded = replace(graph, tensors=tensors)
    image = np.full(graph.tensors[0].shape, 127, np.int8)
    sums = biases.astype(np.int64) + weights.ravel().astype(np.int64) * (127 - 3)
    assert np.count_nonzero(np.abs(sums) > 2**31) > 20
    expected = tflite_micro(write_model(loaded), loaded, image)[3]
    assert np.array_equal(run(loaded, image)[3].ravel(), expected.ravel())


def test_dense_layers_with_one_weight_scale_round_as_in_litert_without_delegates() -> None:
    rng = np.random.default_rng(3)
    for _ in range(6):
        scale = np.float32(2.0 ** rng.uniform(-16, -6) * OUTPUT_SCALE / INPUT_SCALE)
        ties = (rng.integers(-120, 120, 512) + 0.5) / (INPUT_SCALE * float(scale) / OUTPUT_SCALE)
        accumulators = (np.round(ties) + rng.integers(-2, 3, 512)).astype(np.int32)
        graph = bench(DENSE, np.array([scale], np.float32), accumulators)
        image = np.zeros(graph.tensors[0].shape, np.int8)
        expected = litert(write_model(graph), graph, image, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)[3]
        assert differing(graph, expected, Mode.RUY) == 0
