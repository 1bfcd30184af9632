"""Networks of uint8 as TensorFlow made them in 2018: read as int8, equal to LiteRT's reference kernels."""

from dataclasses import replace

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import DType, Graph, Node, Quantization
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.operators import Quantize, Tanh
from depthwise.codegen.passes import optimize
from depthwise.codegen.targets.cores import CORES
from tests.support.network_builder import Builder
from tests.support.networks import image
from tests.support.oracles import litert, tflite_micro
from tests.support.unsigned_networks import lowered, raised, unsigned_network

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


def test_a_layer_that_computes_otherwise_in_uint8_is_refused_by_name() -> None:
    build = Builder(4)
    x = build.tensor((1, 3, 3, 2), Quantization((0.01,), (128,)), DType.UINT8)
    build.inputs.append(x)
    build.nodes.append(Node(0, Tanh(), (x,), build.tensor((1, 3, 3, 2), Quantization((1 / 128,), (128,)), DType.UINT8)))
    graph = Graph("tanh", tuple(build.tensors), tuple(build.nodes), inputs=(x,), outputs=(x + 1,))
    with pytest.raises(UnsupportedError, match=r"layer 0 \(TANH\) computes in uint8, which is done of CONV_2D"):
        parse_model(write_model(graph), "tanh")


@pytest.mark.parametrize("zero_point", [128, 120])
def test_a_core_with_the_dsp_extension_takes_weights_of_any_zero_point(zero_point: int) -> None:
    build = Builder(2)
    build.conv(build.input(1, 6, 6, 4), 5, per_channel=False)
    whole = build.finish("weights")
    tensors = tuple(raised(t, zero_point if t.shape == (5, 3, 3, 4) else None) for t in whole.tensors)
    graph = optimize(parse_model(write_model(replace(whole, tensors=tensors)), "weights")).graph
    for core, kernel in (("cortex-m4", "conv_2d_dsp"), ("cortex-m0", "conv_2d_offset")):
        chosen = choose_kernels(graph, CORES[core].families).of(graph.nodes[0])
        assert chosen.kernel.name == (kernel if zero_point != 128 or core == "cortex-m4" else "conv_2d_rows")
        assert chosen.layer.int16_weights or zero_point == 128 or core != "cortex-m4"
