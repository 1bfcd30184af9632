"""What the writer writes reads back as the same graph, and other interpreters run it alike."""

from dataclasses import replace

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.errors import ModelError
from depthwise.codegen.formats.tflite.reader import parse_model, read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Conv2D, Pads
from tests.support.models import INT8_MODELS, model_path
from tests.support.networks import NAMED_NETWORKS, conv_network, image, random_network
from tests.support.oracles import litert, tflite_micro

FLOAT_MODELS = ("ic_resnet8_float", "vww_96_float")
# Its kernels ask for a bias in a quantized CONV_2D, and for ranges of an LSTM's inside; the reference ones have no ELU.
REFUSED_BY_LITERT = {"conv_without_bias", "elu", "lstm"}
MISSING_IN_MICRO = {"RELU_N1_TO_1", "REDUCE_PROD", "TILE"}


def runs_everywhere(name: str) -> bool:
    graph = NAMED_NETWORKS[name]()
    missing = {n.op.kind for n in graph.nodes} & MISSING_IN_MICRO
    return len(graph.inputs) == 1 and not missing and name not in REFUSED_BY_LITERT


WITH_VARIABLES = {"delayed"}  # whose operators a file has beside those of the network


def assert_same(left: Graph, right: Graph) -> None:
    assert (left.name, left.nodes, left.inputs, left.outputs) == (
        right.name,
        right.nodes,
        right.inputs,
        right.outputs,
    )
    assert [repr(s) for s in left.states] == [repr(s) for s in right.states]
    assert len(left.tensors) == len(right.tensors)
    for one, other in zip(left.tensors, right.tensors, strict=True):
        assert repr(replace(one, data=None)) == repr(replace(other, data=None))
        assert (one.data is None) == (other.data is None)
        if one.data is not None and other.data is not None:
            np.testing.assert_array_equal(one.data, other.data)


def round_trip(graph: Graph) -> Graph:
    return parse_model(write_model(graph), graph.name)


@pytest.mark.parametrize("name", sorted(set(NAMED_NETWORKS) - WITH_VARIABLES))
def test_a_named_network_reads_back_as_it_was_written(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    assert_same(graph, round_trip(graph))


def test_random_networks_read_back_as_they_were_written() -> None:
    for seed in range(150):
        graph = random_network(seed)
        assert_same(graph, round_trip(graph))


@pytest.mark.parametrize("name", [*INT8_MODELS, *FLOAT_MODELS])
def test_a_real_model_reads_back_as_it_was_written(name: str) -> None:
    graph = read_model(model_path(name))
    assert_same(graph, round_trip(graph))


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert write_model(random_network(7)) == write_model(random_network(7))


def test_data_is_aligned_to_16_bytes() -> None:
    data = write_model(conv_network())
    weights = conv_network().tensors[1].data
    assert weights is not None
    assert data.index(weights.tobytes()) % 16 == 0


@pytest.mark.parametrize("name", [*filter(runs_everywhere, NAMED_NETWORKS)])
def test_both_interpreters_run_a_named_network(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    data, x = write_model(graph), image(graph)
    micro = tflite_micro(data, graph, x)
    lite = litert(data, graph, x, OpResolverType.BUILTIN_REF)
    for node in graph.nodes:
        assert micro[node.output].size == lite[node.output].size == graph.output_of(node).elements


def test_tflite_micro_runs_random_networks() -> None:
    for seed in range(60):
        graph = random_network(seed)
        values = tflite_micro(write_model(graph), graph, image(graph))
        assert all(values[n.output].shape == graph.output_of(n).shape for n in graph.nodes)


@pytest.mark.parametrize("name", INT8_MODELS)
def test_a_rewritten_real_model_computes_what_the_original_does(name: str) -> None:
    path = model_path(name)
    graph = read_model(path)
    x = image(graph)
    before = tflite_micro(path.read_bytes(), graph, x)
    after = tflite_micro(write_model(graph), graph, x)
    for index, value in before.items():
        np.testing.assert_array_equal(value, after[index])


def test_padding_that_is_neither_same_nor_valid_is_refused() -> None:
    graph = conv_network(shape=(9, 7, 3), stride=(3, 3))
    (node,) = graph.nodes
    assert isinstance(node.op, Conv2D)
    odd = replace(graph, nodes=(replace(node, op=replace(node.op, pads=Pads(1, 1, 0, 0))),))
    with pytest.raises(ModelError, match=r"layer 0 \(CONV_2D\) has Pads\(top=1, bottom=1.*VALID.*SAME") as caught:
        write_model(odd)
    assert "PAD layer" in caught.value.hint
