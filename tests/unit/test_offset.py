"""Weights with a zero point in two parts: int8 each, and what all have in common."""

from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.offset import LEAST, parted
from depthwise.codegen.kernels.weighted import weights_of
from depthwise.codegen.operators import Activation
from depthwise.codegen.targets.cores import CORES
from tests.support.network_builder import Builder
from tests.support.offset_networks import with_offset_weights


def layer(low: int, high: int, zero_point: int) -> Graph:
    """A 1x1 layer whose weights in the model have these ends."""
    build = Builder(high - low)
    build.conv(build.input(1, 4, 4, 8), 6, (1, 1), activation=Activation.NONE)
    graph = build.finish("ends")
    at = graph.nodes[0].inputs[1]
    data = build.rng.integers(low, high + 1, graph.tensors[at].shape).astype(np.int8)
    data.reshape(-1)[:2] = (low, high)
    tensors = tuple(replace(t, data=data) if t.index == at else t for t in graph.tensors)
    made = replace(graph, tensors=tensors)
    return with_offset_weights(made, (zero_point,)) if zero_point else made


@pytest.mark.parametrize("zero_point", [-128, -127, -60, -1, 1, 25, 126, 127])
@pytest.mark.parametrize("ends", [(-128, 127), (-127, 127), (-128, 126), (-100, 90), (0, 127), (-128, -1)])
def test_both_parts_are_the_weights(ends: tuple[int, int], zero_point: int) -> None:
    graph = layer(*ends, zero_point)
    node = graph.nodes[0]
    found, weights = parted(graph, node), weights_of(graph, node)
    assert found.weights.dtype == np.int8
    assert (found.weights.astype(np.int64) + found.common == weights).all()
    assert abs(found.common) <= -LEAST
    if ends[1] - ends[0] < 255:
        assert found.weights.min() > LEAST


def test_as_little_is_in_common_as_can_be() -> None:
    for zero_point, ends, common in ((25, (-100, 100), 0), (40, (-120, 90), -33), (-128, (-127, 127), 128)):
        graph = layer(*ends, zero_point)
        assert parted(graph, graph.nodes[0]).common == common


def test_weights_without_a_zero_point_stay_as_they_are() -> None:
    graph = layer(-128, 100, 0)
    found = parted(graph, graph.nodes[0])
    assert found.common == 0
    assert found.weights is graph.tensors[graph.nodes[0].inputs[1]].data


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m3", "rv32imc", "cortex-m55"])
def test_kernels_for_a_zero_point_are_no_reason_of_layers_without(core: str) -> None:
    build = Builder(3)
    build.conv(build.input(1, 5, 5, 8), 8, (3, 3), groups=4)
    graph = build.finish("groups")
    chosen = choose_kernels(graph, CORES[core].families).of(graph.nodes[0])
    assert chosen.kernel.name == "conv_2d_groups"
    assert set(chosen.left_by) == {"its channels are in 4 groups", "its kernel is not 1x1 without padding"}
    assert not any(name.endswith("_offset") for names in chosen.left_by.values() for name in names)
