"""The other roundings against LiteRT, layer by layer: each layer is fed the tensors LiteRT itself computed.

BUILTIN_REF shares the arithmetic of tflite-micro but for FULLY_CONNECTED, which it does in double precision: the mode
FLOAT64. Without delegates LiteRT is the mode RUY on every layer of these networks. With XNNPACK, its default, it is
the mode XNNPACK on every layer.
"""

from typing import Final

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.arithmetic.fixedpoint import requantize
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import Mode, run
from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Graph, Quantization
from depthwise.codegen.operators import Sum
from tests.support.models import INT8_MODELS, model_path
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS
from tests.support.oracles import litert, tflite_micro

RESOLVERS: Final = {
    Mode.TFLM: OpResolverType.BUILTIN_REF,
    Mode.RUY: OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    Mode.XNNPACK: OpResolverType.AUTO,
    Mode.FLOAT64: OpResolverType.BUILTIN_REF,
}
NOT_COVERED: Final = {
    Mode.TFLM: {"FULLY_CONNECTED"},
    Mode.RUY: set[str](),
    Mode.XNNPACK: set[str](),
    Mode.FLOAT64: {"CONV_2D", "DEPTHWISE_CONV_2D"},
}


def differences(graph: Graph, data: bytes, seed: int, oracle: Mode, mode: Mode) -> dict[int, int]:
    """Values that differ in the layers `oracle` covers, by layer."""
    shape = graph.tensors[graph.inputs[0]].shape
    image = np.random.default_rng(seed).integers(-128, 128, shape).astype(np.int8)
    theirs = litert(data, graph, image, RESOLVERS[oracle])
    values = {**theirs, graph.inputs[0]: image}
    found = {}
    for node in graph.nodes:
        if node.op.kind not in NOT_COVERED[oracle]:
            mine = np.asarray(compute(graph, node, values, mode))
            found[node.layer] = int(np.count_nonzero(mine.ravel() != theirs[node.output].ravel()))
    return found


@pytest.mark.filterwarnings("ignore:Warning. Enabling .experimental_preserve_all_tensors")
@pytest.mark.parametrize("mode", RESOLVERS)
@pytest.mark.parametrize("model", INT8_MODELS)
def test_every_layer_the_mode_covers_equals_litert(model: str, mode: Mode) -> None:
    path = model_path(model)
    for seed in range(2):
        found = differences(read_model(path), path.read_bytes(), seed, mode, mode)
        assert {layer: count for layer, count in found.items() if count} == {}


@pytest.mark.filterwarnings("ignore:Warning. Enabling .experimental_preserve_all_tensors")
@pytest.mark.parametrize(
    ("oracle", "mode", "model"),
    [
        (Mode.TFLM, Mode.SINGLE, "ic_resnet8_int8"),
        (Mode.TFLM, Mode.RUY, "ic_resnet8_int8"),
        (Mode.TFLM, Mode.XNNPACK, "ic_resnet8_int8"),
        (Mode.RUY, Mode.TFLM, "ic_resnet8_int8"),
        (Mode.RUY, Mode.SINGLE, "ic_resnet8_int8"),
        (Mode.RUY, Mode.XNNPACK, "ic_resnet8_int8"),
        (Mode.XNNPACK, Mode.TFLM, "ic_resnet8_int8"),
        (Mode.XNNPACK, Mode.RUY, "ic_resnet8_int8"),
        (Mode.XNNPACK, Mode.SINGLE, "kws_dscnn_int8"),
        (Mode.FLOAT64, Mode.TFLM, "ad01_int8"),
        (Mode.FLOAT64, Mode.RUY, "ad01_int8"),
    ],
)
def test_the_comparison_would_notice_the_rounding_of_another_mode(oracle: Mode, mode: Mode, model: str) -> None:
    path = model_path(model)
    graph, data = read_model(path), path.read_bytes()
    assert any(sum(differences(graph, data, seed, oracle, mode).values()) for seed in range(6))


def test_single_rounding_is_one_division_in_every_operator() -> None:
    """ADD, MEAN, QUANTIZE and RELU by integers of Python, which know no overflow."""
    values = np.arange(-70_000, 70_000, 37, dtype=np.int64)
    for multiplier, shift in ((1_518_500_250, -7), (1_073_741_824, 0), (2_147_483_647, -1), (1_234_567_891, 3)):
        wanted = [(v * multiplier + (1 << (30 - shift))) // (1 << (31 - shift)) for v in values.tolist()]
        assert requantize(values, multiplier, shift, Mode.SINGLE).tolist() == wanted
    for name in ("add", "mean", "requantize", "relu_rescaled"):
        graph = NAMED_NETWORKS[name]()
        rng = np.random.default_rng(1)
        images = {i: rng.integers(-128, 128, (8, *graph.tensors[i].shape[1:])).astype(np.int8) for i in graph.inputs}
        double, single = (run(graph, images, mode)[graph.outputs[0]].astype(int) for mode in (Mode.TFLM, Mode.SINGLE))
        assert np.abs(double - single).max() <= 1


def test_litert_reference_sum_that_rescales_takes_int8_for_uint8() -> None:
    """tflite-micro and LiteRT without delegates agree with the golden model; its reference kernels do not."""
    build = Builder(1)
    x = build.input(1, 3, 2, 8)
    axes = build.constant(np.array((1, 2), np.int32))
    levels = Quantization((build.quantization(x).scale,), (-100,))
    graph = build.finish("sum", build.node(Sum((1, 2)), (x, axes), build.tensor((1, 8), levels)))
    image = np.random.default_rng(0).integers(-128, 128, graph.tensors[x].shape).astype(np.int8)
    data, (out,) = write_model(graph), graph.outputs
    right = run(graph, image)[out]
    assert np.array_equal(tflite_micro(data, graph, image)[out].ravel(), right.ravel())
    plain = litert(data, graph, image, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)[out]
    assert np.array_equal(plain, right)
    sums = (image.view(np.uint8).astype(int) - build.quantization(x).zero_point).sum((1, 2))
    wrong = np.clip(sums - 100, 0, 255).astype(np.uint8).view(np.int8)
    reference = litert(data, graph, image, OpResolverType.BUILTIN_REF)[out]
    assert np.array_equal(reference, wrong)
    assert not np.array_equal(reference, right)
