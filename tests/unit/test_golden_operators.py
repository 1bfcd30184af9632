"""The golden model on single operators in forms the real networks lack, every tensor against tflite-micro."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, DType, Graph, Quantization
from depthwise.codegen.operators import Activation, AveragePool2D, Dequantize, MaxPool2D, Pads, Quantize, Relu6
from depthwise.codegen.operators.parameters import conv_parameters
from tests.support.network_builder import Builder
from tests.support.oracles import tflite_micro

NONE, RELU, RELU6, N1_TO_1 = Activation.NONE, Activation.RELU, Activation.RELU6, Activation.RELU_N1_TO_1

OPERATORS: Final[dict[str, Callable[[Builder], int]]] = {
    "conv stride 3": lambda b: b.conv(b.input(1, 11, 10, 3), 5, stride=(3, 3)),
    "conv strides that differ": lambda b: b.conv(b.input(1, 11, 10, 3), 5, stride=(1, 2), same=False),
    "conv 1x4": lambda b: b.conv(b.input(1, 7, 9, 2), 6, kernel=(1, 4)),
    "conv 10x4 stride 2": lambda b: b.conv(b.input(1, 25, 10, 1), 6, kernel=(10, 4), stride=(2, 2)),
    "conv dilated SAME": lambda b: b.conv(b.input(1, 9, 9, 3), 4, dilation=(2, 2)),
    "conv dilated VALID": lambda b: b.conv(b.input(1, 11, 12, 3), 4, dilation=(3, 2), same=False),
    "conv without bias": lambda b: b.conv(b.input(1, 6, 6, 4), 5, bias=False),
    "conv per tensor": lambda b: b.conv(b.input(1, 6, 6, 4), 5, per_channel=False),
    "conv of one channel": lambda b: b.conv(b.input(1, 6, 6, 1), 1),
    "conv without activation": lambda b: b.conv(b.input(1, 6, 6, 4), 5, activation=NONE),
    "conv RELU": lambda b: b.conv(b.input(1, 6, 6, 4), 5, activation=RELU),
    "conv RELU_N1_TO_1": lambda b: b.conv(b.input(1, 6, 6, 4), 5, activation=N1_TO_1),
    "conv that scales up": lambda b: b.conv(b.input(1, 6, 6, 4), 5, activation=NONE, wide=5e3),
    "conv that scales up a lot": lambda b: b.conv(b.input(1, 6, 6, 4), 5, activation=NONE, wide=1e6),
    "conv that scales down a lot": lambda b: b.conv(b.input(1, 6, 6, 4), 5, activation=NONE, wide=1e-7),
    "depthwise multiplier 8": lambda b: b.depthwise(b.input(1, 9, 8, 1), multiplier=8),
    "depthwise multiplier 3": lambda b: b.depthwise(b.input(1, 9, 8, 4), multiplier=3, stride=(2, 2)),
    "depthwise dilated": lambda b: b.depthwise(b.input(1, 9, 9, 4), dilation=(2, 3)),
    "depthwise dilated multiplier 2": lambda b: b.depthwise(b.input(1, 9, 9, 3), dilation=(2, 2), multiplier=2),
    "depthwise 5x2 stride 3": lambda b: b.depthwise(b.input(1, 11, 9, 4), (5, 2), (3, 3)),
    "depthwise over the whole image": lambda b: b.depthwise(b.input(1, 5, 5, 6), (5, 5), same=False),
    "depthwise per tensor": lambda b: b.depthwise(b.input(1, 6, 6, 4), per_channel=False, activation=NONE),
    "depthwise without bias": lambda b: b.depthwise(b.input(1, 6, 6, 4), bias=False, activation=N1_TO_1),
    "depthwise that scales up": lambda b: b.depthwise(b.input(1, 6, 6, 4), activation=NONE, wide=5e3),
    "dense": lambda b: b.dense(b.input(1, 40), 11),
    "dense without bias": lambda b: b.dense(b.input(1, 40), 11, bias=False),
    "dense RELU": lambda b: b.dense(b.input(1, 40), 11, activation=RELU),
    "dense that scales up": lambda b: b.dense(b.input(1, 40), 11, wide=5e3),
    "dense with a scale per channel": lambda b: b.dense(b.input(1, 300), 64, per_channel=True),
    "average SAME 3x3 stride 1": lambda b: b.pool(b.input(1, 6, 7, 3), AveragePool2D, (3, 3), (1, 1), same=True),
    "average SAME 3x2 stride 2": lambda b: b.pool(b.input(1, 7, 7, 3), AveragePool2D, (3, 2), same=True),
    "average of everything": lambda b: b.pool(b.input(1, 6, 5, 3), AveragePool2D, (6, 5), (6, 5)),
    "average RELU6": lambda b: b.pool(b.input(1, 6, 6, 3), AveragePool2D, activation=RELU6),
    "maximum 2x2": lambda b: b.pool(b.input(1, 6, 6, 3), MaxPool2D),
    "maximum SAME 3x2 stride 3": lambda b: b.pool(b.input(1, 8, 7, 3), MaxPool2D, (3, 2), (3, 3), same=True),
    "maximum RELU_N1_TO_1": lambda b: b.pool(b.input(1, 6, 6, 3), MaxPool2D, activation=N1_TO_1),
    "mean": lambda b: b.mean(b.input(1, 7, 6, 5)),
    "mean of 48x48": lambda b: b.mean(b.input(1, 48, 48, 3), keep=True),
    "mean of one pixel": lambda b: b.mean(b.input(1, 1, 1, 5)),
    "add": lambda b: b.add(b.input(1, 5, 5, 4), b.requantize(0)),
    "add RELU": lambda b: b.add(b.input(1, 5, 5, 4), b.requantize(0), RELU),
    "add RELU6": lambda b: b.add(b.input(1, 5, 5, 4), b.requantize(0), RELU6),
    "add of a tensor to itself": lambda b: b.add(b.input(1, 5, 5, 4), 0),
    "pad all around": lambda b: b.pad(b.input(1, 4, 5, 3), Pads(1, 2, 3, 4)),
    "pad below and right, then conv": lambda b: b.conv(
        b.pad(b.input(1, 8, 8, 3), Pads(0, 1, 0, 1)), 4, stride=(2, 2), same=False
    ),
    "reshape": lambda b: b.reshape(b.input(1, 4, 5, 3), 1, 60),
    "softmax of 10": lambda b: b.softmax(b.input(1, 10)),
    "softmax of 1": lambda b: b.softmax(b.input(1, 1)),
    "softmax of 511": lambda b: b.softmax(b.input(1, 511)),
    "relu": lambda b: b.relu(b.input(1, 5, 5, 4)),
    "relu that rescales": lambda b: b.relu(b.input(1, 5, 5, 4), rescale=True),
    "relu6": lambda b: b.relu(b.input(1, 5, 5, 4), Relu6),
    "transpose": lambda b: b.transpose(b.input(1, 5, 4, 3), 0, 2, 3, 1),
    "transpose of rank 5": lambda b: b.transpose(b.input(1, 2, 5, 4, 3), 0, 4, 3, 1, 2),
    "shuffle": lambda b: b.shuffle(b.input(1, 5, 4, 12), 3),
    "requantize": lambda b: b.requantize(b.input(1, 5, 5, 4)),
}


def images(graph: Graph) -> dict[str, Array]:
    """Noise, constants, and a pattern that swings between both ends of int8."""
    shape = graph.tensors[graph.inputs[0]].shape
    rng = np.random.default_rng(7)
    swings = np.where(np.indices(shape).sum(axis=0) % 2, -128, 127)
    made = {f"noise {i}": rng.integers(-128, 128, shape) for i in range(4)}
    made |= {f"all {value}": np.full(shape, value) for value in (-128, -1, 0, 127)}
    return {kind: value.astype(np.int8) for kind, value in (made | {"checkerboard": swings}).items()}


def assert_equal_on_every_tensor(graph: Graph, inputs: dict[str, Array]) -> int:
    """Run graph and tflite-micro on each input; bytes compared, none of which differs."""
    data, compared = write_model(graph), 0
    for kind, given in inputs.items():
        mine, theirs = run(graph, given), tflite_micro(data, graph, given)
        for node in graph.nodes:
            expected, got = theirs[node.output], np.asarray(mine[node.output])
            assert got.dtype == expected.dtype, f"{graph.name}, {kind}: {node}"
            differing = np.count_nonzero(got.ravel() != expected.ravel())
            assert differing == 0, f"{graph.name}, {kind}: {differing} of {expected.size} differ in {node}"
            compared += expected.nbytes
    return compared


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("seed", range(3))
def test_a_single_operator_equals_tflite_micro(name: str, seed: int) -> None:
    builder = Builder(seed)
    graph = builder.finish(name, OPERATORS[name](builder))
    assert assert_equal_on_every_tensor(graph, images(graph)) > 0


def test_the_networks_that_scale_up_do_shift_to_the_left() -> None:
    for name in ("conv that scales up", "depthwise that scales up", "dense that scales up"):
        builder = Builder(0)
        graph = builder.finish(name, OPERATORS[name](builder))
        assert max(conv_parameters(graph, graph.nodes[-1]).shifts) > 0, name


def test_a_written_network_reads_back_with_the_same_arithmetic() -> None:
    builder = Builder(0)
    graph = builder.finish("dense", OPERATORS["dense"](builder))
    again = parse_model(write_model(graph), "dense")
    assert conv_parameters(again, again.nodes[0]) == conv_parameters(graph, graph.nodes[0])


def converted(source: DType, given: Array, target: DType, to: tuple[float, int]) -> None:
    """One QUANTIZE or DEQUANTIZE of `given` equals tflite-micro; 8-bit inputs have scale 0.03 and zero point 17."""
    build = Builder(0)
    outside = None if source is DType.FLOAT32 else Quantization((float(np.float32(0.03)),), (17,))
    inside = None if target is DType.FLOAT32 else Quantization((float(np.float32(to[0])),), (to[1],))
    start = build.tensor(given.shape, outside, source)
    build.inputs.append(start)
    op = Dequantize() if target is DType.FLOAT32 else Quantize()
    build.node(op, (start,), build.tensor(given.shape, inside, target))
    assert_equal_on_every_tensor(build.finish("conversion"), {"given": given})


@pytest.mark.parametrize("scale", [0.0234375, 0.1, 0.007843138])
@pytest.mark.parametrize("zero_point", [-128, 0, 37])
def test_float_inputs_are_quantized_half_away_from_zero_and_saturate(scale: float, zero_point: int) -> None:
    halves = (np.arange(-700, 700) / 2 * np.float32(scale)).astype(np.float32)
    given = np.stack([halves, np.nextafter(halves, np.float32(9)), np.nextafter(halves, np.float32(-9))])
    converted(DType.FLOAT32, given.reshape(1, -1), DType.INT8, (scale, zero_point))


@pytest.mark.parametrize("to", [(0.03, 17), (0.03, -111), (0.0071, -3), (0.3, 127)])
def test_every_int8_value_is_requantized_as_in_tflite_micro(to: tuple[float, int]) -> None:
    converted(DType.INT8, np.arange(-128, 128).astype(np.int8).reshape(1, 256), DType.INT8, to)


@pytest.mark.parametrize("to", [(0.03, 17), (0.03, -111), (0.0071, -3), (0.3, 127)])
def test_every_uint8_value_becomes_int8_as_in_tflite_micro(to: tuple[float, int]) -> None:
    converted(DType.UINT8, np.arange(256).astype(np.uint8).reshape(1, 256), DType.INT8, to)


@pytest.mark.parametrize("to", [(0.03, 17), (0.03, 145), (0.0071, 3), (0.3, 255)])
def test_every_int8_value_becomes_uint8_as_in_tflite_micro(to: tuple[float, int]) -> None:
    converted(DType.INT8, np.arange(-128, 128).astype(np.int8).reshape(1, 256), DType.UINT8, to)


@pytest.mark.parametrize("source", [DType.INT8, DType.UINT8])
def test_every_8_bit_value_becomes_the_same_float_as_in_tflite_micro(source: DType) -> None:
    first = -128 if source is DType.INT8 else 0
    given = np.arange(first, first + 256).astype(source.value).reshape(1, 256)
    converted(source, given, DType.FLOAT32, (0.0, 0))
