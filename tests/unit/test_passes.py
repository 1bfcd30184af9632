"""Lowering never changes a value: golden(before) equals golden(after) on every tensor that survives."""

from collections.abc import Callable

import numpy as np
import pytest

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, DType, Graph
from depthwise.codegen.operators import Dequantize, Pack, Quantize, Reshape, Shape, StridedSlice
from depthwise.codegen.passes import drop_dead, fold_constants, lower, strip_ends
from tests.support.models import INT8_MODELS, model_path
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS, ends_network, image, random_network


def inputs_of(graph: Graph, seed: int) -> dict[int, Array]:
    rng = np.random.default_rng(seed)
    made: dict[int, Array] = {}
    for index in graph.inputs:
        tensor = graph.tensors[index]
        match tensor.dtype:
            case DType.UINT8:
                made[index] = rng.integers(0, 256, tensor.shape).astype(np.uint8)
            case DType.FLOAT32:
                made[index] = rng.standard_normal(tensor.shape).astype(np.float32)
            case _:
                made[index] = rng.integers(-128, 128, tensor.shape).astype(np.int8)
    return made


def assert_nothing_changed(before: Graph, after: Graph, seed: int = 0) -> None:
    """Every tensor of `after` has the value it has in `before`."""
    given = inputs_of(before, seed)
    expected = run(before, given)
    got = run(after, {index: expected[index] for index in after.inputs})
    for node in after.nodes:
        assert np.array_equal(got[node.output], expected[node.output]), str(node)
    for index in after.outputs:
        assert np.array_equal(got[index], expected[index])


def kinds(graph: Graph) -> set[type]:
    return {type(node.op) for node in graph.nodes}


@pytest.mark.parametrize("a_pass", [fold_constants, strip_ends, drop_dead, lower])
@pytest.mark.parametrize("name", NAMED_NETWORKS)
def test_a_pass_leaves_every_value_of_a_named_network_as_it_was(a_pass: Callable[[Graph], Graph], name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    for seed in range(2):
        assert_nothing_changed(graph, a_pass(graph), seed)


def test_lowering_leaves_every_value_of_random_networks_as_it_was() -> None:
    for seed in range(60):
        graph = random_network(seed)
        assert_nothing_changed(graph, lower(graph), seed)


@pytest.mark.parametrize("model", INT8_MODELS)
def test_lowering_leaves_every_value_of_a_real_network_as_it_was(model: str) -> None:
    graph = read_model(model_path(model))
    assert_nothing_changed(graph, lower(graph))


@pytest.mark.parametrize("name", NAMED_NETWORKS)
def test_a_lowered_network_takes_and_gives_int8_and_is_not_changed_again(name: str) -> None:
    graph = lower(NAMED_NETWORKS[name]())
    assert {graph.tensors[i].dtype for i in graph.inputs} == {DType.INT8}
    assert {graph.tensors[i].dtype for i in graph.outputs} <= {DType.INT8, DType.INT32}  # places of ARG_MAX
    again = lower(graph)
    assert (again.nodes, again.inputs, again.outputs) == (graph.nodes, graph.inputs, graph.outputs)


def test_keras_leftovers_are_folded_away() -> None:
    before = read_model(model_path("mobilenet_v1_025_96_imagenet_int8"))
    after = lower(before)
    assert {Shape, StridedSlice, Pack} <= kinds(before)
    assert not {Shape, StridedSlice, Pack} & kinds(after)
    assert all(len(node.inputs) == 1 for node in after.nodes if isinstance(node.op, Reshape))


def test_a_folded_shape_holds_what_the_golden_model_computes() -> None:
    before = NAMED_NETWORKS["keras_leftovers"]()
    values, after = run(before, image(before)), fold_constants(before)
    folded = [n for n in before.nodes if isinstance(n.op, Shape | StridedSlice | Pack)]
    assert len(folded) == 3
    for node in folded:
        data = after.tensors[node.output].data
        assert data is not None
        assert np.array_equal(data, values[node.output][0])


def test_tensors_keep_their_index_name_and_shape() -> None:
    before = NAMED_NETWORKS["keras_leftovers"]()
    for old, new in zip(before.tensors, lower(before).tensors, strict=True):
        assert (old.index, old.name, old.shape) == (new.index, new.name, new.shape)


def test_layers_keep_their_number_in_the_model_file() -> None:
    before = NAMED_NETWORKS["keras_leftovers"]()
    layers = {node.output: node.layer for node in before.nodes}
    assert all(node.layer == layers[node.output] for node in lower(before).nodes)


@pytest.mark.parametrize("dtype", [DType.FLOAT32, DType.UINT8])
def test_conversions_at_the_ends_are_stripped(dtype: DType) -> None:
    before = ends_network(dtype)
    after = lower(before)
    assert not {Quantize, Dequantize} & kinds(after)
    assert after.inputs == (before.nodes[0].output,)
    assert after.outputs == (before.nodes[-1].inputs[0],)


def test_a_quantize_in_the_middle_stays() -> None:
    build = Builder(0)
    build.conv(build.requantize(build.conv(build.input(1, 5, 5, 2))))
    graph = build.finish("middle")
    assert lower(graph).nodes == graph.nodes


def test_a_quantize_between_int8_ends_stays() -> None:
    graph = NAMED_NETWORKS["requantize"]()
    assert lower(graph).nodes == graph.nodes


def test_a_branch_that_leads_nowhere_is_dropped() -> None:
    build = Builder(0)
    x = build.input(1, 6, 6, 2)
    kept = build.conv(x)
    build.depthwise(build.conv(x))
    graph = build.finish("branch", kept)
    assert [node.output for node in drop_dead(graph).nodes] == [kept]
    assert_nothing_changed(graph, drop_dead(graph))


def test_an_input_that_is_read_by_two_layers_behind_its_conversion_still_lowers() -> None:
    build = Builder(3)
    start = build.tensor((1, 6, 6, 4), None, DType.FLOAT32)
    build.inputs.append(start)
    x = build.node(Quantize(), (start,), build.tensor((1, 6, 6, 4), build.activation(0.05)))
    build.add(x, build.conv(x, 4))
    graph = build.finish("shared")
    assert lower(graph).inputs == (x,)
    assert_nothing_changed(graph, lower(graph))


def test_a_float_network_cannot_be_lowered_and_the_error_names_its_input() -> None:
    graph = read_model(model_path("ic_resnet8_float"))
    with pytest.raises(UnsupportedError, match=r"input tensor \d+ is float32"):
        lower(graph)
