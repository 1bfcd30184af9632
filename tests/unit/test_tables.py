"""Functions of single elements: their tables, the runs that become one, the intervals that hold for every value."""

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph, Node, Quantization
from depthwise.codegen.operators import Activation, HardSwish, LeakyRelu, Logistic, MaxPool2D, Mul, Table
from depthwise.codegen.operators.tables import EVERY_VALUE, is_table, table_of
from depthwise.codegen.passes import fuse_forks, fuse_tables, lower, optimize
from depthwise.codegen.passes.intervals import intervals
from tests.support.conformance.elementwise import CASES
from tests.support.conformance.harness import drawn
from tests.support.elementwise_networks import LOGISTIC_OUTPUT, NETWORKS, function_network, swish_network
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS, image

FUNCTIONS = [name for name, make in NETWORKS.items() if all(is_table(make(), n) for n in make().nodes)]


def only(graph: Graph) -> Node:
    (node,) = graph.nodes
    return node


def test_functions_in_a_row_become_one_table() -> None:
    graph = optimize(swish_network()).graph
    assert [n.op.kind for n in graph.nodes] == ["CONV_2D", "TABLE", "CONV_2D", "LOGISTIC"]
    assert graph.nodes[1].layer == 3


def test_a_clamp_in_front_of_a_function_is_taken_in_by_the_layer_before() -> None:
    last = optimize(swish_network()).graph.nodes[-2]
    assert last.op.activation.value == "RELU_N1_TO_1"  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(60))
def test_a_run_writes_what_its_functions_write(seed: int) -> None:
    graph = lower(drawn(CASES["QUANTIZE several functions"], seed))
    fused = fuse_tables(graph)
    assert len(fused.nodes) == 1
    assert isinstance(only(fused).op, Table)
    given = image(graph, seed)
    assert (run(graph, given)[graph.outputs[0]] == run(fused, given)[fused.outputs[0]]).all()


def test_what_two_layers_read_is_computed_by_itself() -> None:
    build = Builder(3)
    x = build.requantize(build.input(1, 4, 4, 2))
    first, second = build.requantize(x), build.requantize(x)
    graph = lower(build.finish("forked", build.add(first, second)))
    assert fuse_tables(graph) is graph


def test_what_leaves_the_network_is_computed_by_itself() -> None:
    build = Builder(3)
    x = build.requantize(build.input(1, 4, 4, 2))
    graph = lower(build.finish("left", x, build.requantize(x)))
    assert fuse_tables(graph) is graph


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_interval_between_any_two_values_is_exact(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    table = table_of(graph, graph.nodes).astype(int)
    for low, high in ((-128, 127), (-128, -100), (-30, 40), (5, 5), (60, 127), (-3, 0)):
        found = intervals(graph, (low, high))[graph.outputs[0]]
        wanted = table[low + 128 : high + 129]
        assert (found.lower == wanted.min()).all()
        assert (found.upper == wanted.max()).all()


def test_a_function_that_falls_and_rises_has_its_least_value_inside() -> None:
    graph = function_network(HardSwish(), 0.05, Quantization((0.03,), (-110,)))
    table = table_of(graph, graph.nodes)
    assert table.min() < min(table[0], table[-1])
    assert (intervals(graph)[graph.outputs[0]].lower == table.min()).all()


def test_a_negative_slope_is_one_too() -> None:
    graph = function_network(LeakyRelu(-0.5), 0.05, Quantization((0.05,), (0,)))
    table, zero_point = table_of(graph, graph.nodes).astype(int), graph.tensors[0].quantization.zero_points[0]  # type: ignore[union-attr]
    reals = EVERY_VALUE.astype(int) - zero_point
    assert (np.abs(table - np.where(reals >= 0, reals, -0.5 * reals).clip(-128, 127)) <= 1).all()


def silu_network(seed: int) -> Graph:
    """A convolution, SiLU of it as TensorFlow Lite writes it, another convolution."""
    build = Builder(seed)
    x = build.conv(build.input(1, 6, 5, 3), 4, activation=Activation.NONE)
    gate = build.node(Logistic(), (x,), build.tensor(build.shape(x), LOGISTIC_OUTPUT))
    scale = build.quantization(x).scale * 0.6
    reads = (x, gate) if seed % 2 else (gate, x)
    x = build.node(Mul(Activation.NONE), reads, build.tensor(build.shape(x), build.activation(scale)))
    build.conv(build.requantize(x) if seed % 3 else x, 3, (1, 1))
    return build.finish("silu")


@pytest.mark.parametrize("seed", range(12))
def test_silu_is_one_table(seed: int) -> None:
    made = optimize(silu_network(seed))
    assert [n.op.kind for n in made.graph.nodes] == ["CONV_2D", "TABLE", "CONV_2D"]
    for number in range(4):
        given = image(made.reference, number)
        reference, found = run(made.reference, given), run(made.graph, given)
        assert (reference[made.reference.outputs[0]] == found[made.graph.outputs[0]]).all()


def test_a_sum_of_a_tensor_and_itself_is_a_table_of_a_row_of_any_rank() -> None:
    build = Builder(3)
    x = build.requantize(build.input(1, 7))
    graph = lower(build.finish("twice", build.add(x, x)))
    fused = fuse_tables(fuse_forks(graph))
    assert [n.op.kind for n in fused.nodes] == ["TABLE"]
    given = image(graph)
    assert (run(graph, given)[graph.outputs[0]] == run(fused, given)[fused.outputs[0]]).all()


def test_what_joins_two_tensors_stays() -> None:
    build = Builder(3)
    x = build.input(1, 4, 4, 2)
    first, second = build.requantize(build.pool(x, MaxPool2D, stride=(1, 1), same=True)), build.requantize(x)
    graph = lower(build.finish("two", build.add(first, second)))
    assert fuse_forks(graph) is graph
