"""The shrinker: what it leaves is small, valid and fails as well."""

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Add, DepthwiseConv2D
from depthwise.codegen.operators.validate import validate
from tests.support.dead_networks import dead_network
from tests.support.networks import residual_network
from tests.support.residual_networks import residual_chain
from tests.support.shrink import candidates, shrink, written_down


def has_seven_rows(graph: Graph) -> bool:
    return any(isinstance(n.op, DepthwiseConv2D) and graph.tensors[n.inputs[1]].shape[1] == 7 for n in graph.nodes)


def test_a_depthwise_convolution_of_seven_rows_is_all_that_is_left() -> None:
    failing = [graph for seed in range(100) if has_seven_rows(graph := residual_chain(seed))]
    assert len(failing) >= 10
    for graph in failing:
        (node,) = shrink(graph, has_seven_rows).nodes
        assert isinstance(node.op, DepthwiseConv2D)


def test_both_branches_of_a_residual_are_dropped_where_neither_matters() -> None:
    small = shrink(residual_network(), lambda graph: any(isinstance(n.op, Add) for n in graph.nodes))
    assert [n.op.kind for n in small.nodes] == ["ADD"]
    assert small.nodes[0].inputs == small.inputs * 2


@pytest.mark.parametrize("seed", range(20))
def test_every_candidate_is_valid_and_smaller(seed: int) -> None:
    graph = dead_network(seed)
    for smaller in candidates(graph):
        validate(smaller)
        assert 0 < len(smaller.nodes) < len(graph.nodes)


def test_a_network_that_cannot_be_cut_is_returned_as_it_is() -> None:
    graph = residual_network()
    assert shrink(graph, lambda _: False) is graph


def test_a_network_is_written_down_with_its_shapes() -> None:
    lines = written_down(residual_network()).splitlines()
    assert lines[0].startswith("residual: ")
    assert "(ADD)" in lines[-1]
    assert "(1, 4, 4, 4)" in lines[-1]
