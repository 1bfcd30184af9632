"""Networks of uint8 as TensorFlow made them in 2018: read as int8, equal to LiteRT's reference kernels."""

from dataclasses import replace

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import DType, Graph, Quantization
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.operators import Quantize, Relu6
from depthwise.codegen.passes import optimize
from depthwise.codegen.targets.cores import CORES
from tests.support.conformance.harness import all_cases, drawn, images
from tests.support.network_builder import Builder
from tests.support.networks import image
from tests.support.oracles import litert, tflite_micro
from tests.support.unsigned_networks import (
    in_uint8,
    joined_in_uint8,
    lowered,
    raised,
    unsigned_network,
    unsigned_operator,
)

NETWORKS = 60


@pytest.mark.parametrize("first", range(0, NETWORKS, 10))
def test_every_tensor_is_litert_s(first: int) -> None:
    for seed in range(first, first + 10):
        model = write_model(unsigned_network(seed))
        graph = parse_model(model, "unsigned")
        assert all(t.dtype is not DType.UINT8 for t in graph.tensors if t.data is None)
        rng = np.random.default_rng(seed)
        shape = graph.tensors[graph.inputs[0]].shape
        for picture in (
            rng.integers(0, 256, shape),
            rng.choice([0, 255], shape),
            rng.choice([0, 127, 128, 129], shape),
        ):
            given = picture.astype(np.uint8)
            mine = run(graph, lowered(given))
            theirs = litert(model, unsigned_network(seed), given, OpResolverType.BUILTIN_REF)
            for node in graph.nodes:
                wanted = lowered(theirs[node.output]).reshape(mine[node.output].shape)
                assert np.array_equal(mine[node.output], wanted), f"{seed}: {node}"


def test_uint8_between_int8_layers_is_int8_and_tflite_micro_s() -> None:
    build = Builder(4)
    x = build.conv(build.input(1, 5, 5, 2), 3)
    between = build.tensor(build.shape(x), Quantization((0.011,), (200,)), DType.UINT8)
    x = build.node(Quantize(), (x,), between)
    build.conv(build.requantize(x), 2)
    whole = build.finish("between")
    model = write_model(whole)
    graph = parse_model(model, "between")
    assert graph.tensors[between].dtype is DType.INT8
    for seed in range(3):
        mine, theirs = run(graph, image(graph, seed)), tflite_micro(model, whole, image(graph, seed))
        for node in graph.nodes:
            wanted = lowered(theirs[node.output]) if node.output == between else theirs[node.output]
            assert np.array_equal(mine[node.output].ravel(), wanted.ravel()), str(node)


# As in int8, and what has an arithmetic of its own in uint8.
OPERATORS = (
    *("ADD", "ARG_MAX", "BATCH_TO_SPACE_ND", "CONCATENATION", "DEPTH_TO_SPACE", "EXPAND_DIMS", "GATHER", "HARD_SWISH"),
    *("LEAKY_RELU", "LOGISTIC", "LOG_SOFTMAX", "MAXIMUM", "MEAN", "MINIMUM", "MIRROR_PAD", "MUL", "PACK", "PAD"),
    *("REDUCE_MAX", "REDUCE_MIN", "RELU", "RELU_N1_TO_1", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "REVERSE_V2"),
    *("SLICE", "SOFTMAX", "SPACE_TO_BATCH_ND", "SPACE_TO_DEPTH", "SPLIT", "SPLIT_V", "SQUEEZE", "STRIDED_SLICE", "SUB"),
    *("SUM", "TANH", "TILE", "TRANSPOSE", "UNPACK"),
)


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_in_uint8_are_litert_s(name: str) -> None:
    compared, refused = 0, list[str]()
    for seed in range(12):
        unsigned = unsigned_operator(drawn(all_cases()[name], seed))
        try:
            compared += assert_litert_s(write_model(unsigned), unsigned, seed) is not None
        except UnsupportedError as error:
            refused.append(error.message)
    assert compared > 4
    if name == "RESIZE_BILINEAR":  # steps that are no 1/1024 of a pixel
        assert all(m.endswith("(RESIZE_BILINEAR) computes in uint8 otherwise than in int8") for m in refused)
    else:
        assert not refused


def assert_litert_s(model: bytes, unsigned: Graph, seed: int, mode: Mode = Mode.TFLM) -> Graph | None:
    """Every tensor of uint8 is LiteRT's, 128 less; None for a network whose ends stay uint8."""
    graph = parse_model(model, "unsigned")
    if any(graph.tensors[i].dtype is DType.UINT8 for i in graph.inputs):
        return None
    given = {i: images(graph.tensors[i], seed)[:1] for i in graph.inputs}
    raw = {i: (v.astype(np.int64) + 128).astype(np.uint8) for i, v in given.items()}
    mine, theirs = run(graph, given, mode), litert(model, unsigned, raw, OpResolverType.BUILTIN_REF)
    for node in graph.nodes:
        if node.output in theirs:
            wanted = theirs[node.output]
            wanted = lowered(wanted) if graph.output_of(node).dtype is DType.INT8 else wanted
            assert np.array_equal(mine[node.output].ravel(), wanted.ravel()), f"{seed}: {node}"
    return graph


def test_a_matrix_with_weights_of_any_zero_point_is_litert_s() -> None:
    for seed in range(20):
        build = Builder(seed)
        build.dense(build.input(1, int(build.rng.integers(1, 30))), 9)
        unsigned = in_uint8(build.finish("matrix"), build.rng)
        assert_litert_s(write_model(unsigned), unsigned, seed, Mode.FLOAT64)


def test_tensors_of_different_scales_are_joined_as_litert_does() -> None:
    for seed in range(20):
        unsigned = joined_in_uint8(seed)
        assert_litert_s(write_model(unsigned), unsigned, seed)


def test_a_layer_that_computes_otherwise_in_uint8_is_refused_by_name() -> None:
    build = Builder(4)
    x = build.input(1, 3, 3, 2)
    build.relu(x, Relu6, rescale=True)
    whole = build.finish("clamp")
    unsigned = unsigned_operator(whole)
    with pytest.raises(UnsupportedError, match=r"layer 0 \(RELU6\) computes in uint8 otherwise than in int8"):
        parse_model(write_model(unsigned), "clamp")


@pytest.mark.parametrize("zero_point", [128, 120])
def test_a_core_with_the_dsp_extension_takes_weights_of_any_zero_point(zero_point: int) -> None:
    build = Builder(2)
    build.conv(build.input(1, 6, 6, 4), 5, per_channel=False)
    whole = build.finish("weights")
    tensors = tuple(raised(t, zero_point if t.shape == (5, 3, 3, 4) else None) for t in whole.tensors)
    graph = optimize(parse_model(write_model(replace(whole, tensors=tensors)), "weights")).graph
    for core, kernel in (("cortex-m4", "conv_2d_columns_dsp"), ("cortex-m0", "conv_2d_rows_offset")):
        chosen = choose_kernels(graph, CORES[core].families).of(graph.nodes[0])
        assert chosen.kernel.name == (kernel if zero_point != 128 or core == "cortex-m4" else "conv_2d_rows")
        assert chosen.layer.int16_weights or zero_point == 128 or core != "cortex-m4"
