"""Channels whose scale is tiny or whose bias is as large as an int32 can be: without weights, or at a clamp anyway."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.kernel import Family
from depthwise.codegen.operators import operator_of
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.passes.settle_constants import settle_constants
from depthwise.codegen.targets.cores import CORES
from tests.support.dead_networks import WEIGHTED, mobile_network
from tests.support.network_builder import Builder

BIASES: Final = (2**30 + 128, -(2**30) - 128, 2**31 - 1, -(2**31), 0, 12345)
CLAMPED: Final = (2**30, -(2**30) - 1, 2**29, -(2**29), 2**26)  # whatever weights add
SCALES: Final = (1e-10, 4e-9, 3e-7, 1e-3)


def spoiled(seed: int) -> Graph:
    """A network with such channels in each layer that has a scale for each."""
    graph, rng = mobile_network(seed), np.random.default_rng(seed)
    tensors = list(graph.tensors)
    for node in graph.nodes:
        if isinstance(node.op, WEIGHTED) and len(node.inputs) > 2:
            _spoil(graph, node, rng, tensors)
    return replace(graph, tensors=tuple(tensors))


def _spoil(graph: Graph, node: Node, rng: np.random.Generator, tensors: list[Tensor]) -> None:
    weights, bias = graph.inputs_of(node)[1:3]
    known = operator_of(node.op).weights
    assert known is not None
    assert weights.data is not None
    assert bias.data is not None
    q = weights.quantization
    assert q is not None
    values, biases, scales = np.moveaxis(weights.data.copy(), known.filter_axis, 0), bias.data.copy(), list(q.scales)
    for c in np.flatnonzero(rng.random(len(biases)) < 0.4) if len(q.scales) == len(bias.data) else ():
        values[c], biases[c], scales[c] = 0, rng.choice(BIASES), float(np.float32(rng.choice(SCALES)))
    for c in np.flatnonzero(rng.random(len(biases)) < 0.2):
        biases[c] = rng.choice(CLAMPED)
    data = np.ascontiguousarray(np.moveaxis(values, 0, known.filter_axis))
    tensors[weights.index] = replace(weights, data=data, quantization=replace(q, scales=tuple(scales)))
    tensors[bias.index] = replace(bias, data=biases)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_settled_computes_the_same_in_every_arithmetic(seed: int) -> None:
    graph = spoiled(seed)
    settled = settle_constants(graph)
    image = np.random.default_rng(seed).integers(-128, 128, (2, *graph.tensors[graph.inputs[0]].shape[1:]), np.int8)
    for mode in Mode:
        ours, models = run(settled, image, mode), run(graph, image, mode)
        assert all((ours[n.output] == models[n.output]).all() for n in graph.nodes)


@pytest.mark.parametrize(("scale", "settled"), [(3.0, False), (0.02, True)])
def test_a_channel_whose_sums_wrap_when_shifted_to_the_left_stays_as_it_is(scale: float, settled: bool) -> None:
    """At both ends of its sums it gives 127, in between the other end of int8 too."""
    build = Builder(1)
    build.dense(build.input(1, 8), 3)
    graph = build.finish("dense")
    weights, bias = graph.inputs_of(graph.nodes[0])[1:3]
    assert weights.quantization is not None
    scaled = replace(weights.quantization, scales=(scale,), zero_points=(0,))
    tensors = list(graph.tensors)
    tensors[weights.index] = replace(weights, quantization=scaled)
    tensors[bias.index] = replace(bias, data=np.full(3, 2**29, np.int32))
    graph = replace(graph, tensors=tuple(tensors))
    assert (settle_constants(graph) is not graph) == settled


def test_no_such_channel_keeps_a_layer_from_the_kernels_of_its_core() -> None:
    for core in ("cortex-m4", "cortex-m3", "cortex-m0plus", "cortex-m55", "xtensa-lx6"):
        families = CORES[core].families
        for seed in range(12):
            with_them = optimize(spoiled(seed), PassOptions(rewrite=False)).graph
            without = optimize(mobile_network(seed), PassOptions(rewrite=False)).graph
            assert _general(with_them, families) <= _general(without, families), (core, seed)


def _general(graph: Graph, families: Sequence[Family]) -> set[int]:
    chosen = choose_kernels(graph, families)
    return {n.output for n in graph.nodes if isinstance(n.op, WEIGHTED) and chosen.of(n).family.name == "general"}
