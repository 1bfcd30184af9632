"""Weights may lie in any order in the memory of a numpy array: pruning and `.keras` files leave them so."""

from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.layer_data import layer_data
from depthwise.codegen.targets.cores import CORES
from tests.support.dsp_networks import columns_chain
from tests.support.networks import random_network


def turned(graph: Graph) -> Graph:
    """The same values, the first axis of constants being the innermost in memory."""

    def lying(data: Array) -> Array:
        return np.moveaxis(np.ascontiguousarray(np.moveaxis(data, 0, -1)), -1, 0)

    found = (t if t.data is None else replace(t, data=lying(t.data)) for t in graph.tensors)
    return replace(graph, tensors=tuple(found))


@pytest.mark.parametrize("core", CORES)
def test_constants_of_kernels_are_those_of_the_values(core: str) -> None:
    for graph in (*map(random_network, range(8)), columns_chain(13, channels=16)):
        for uses in (0, 2**31):
            one, other = (choose_kernels(g, CORES[core].families, uses).chosen for g in (graph, turned(graph)))
            for tensor, chosen in one.items():
                assert layer_data(other[tensor], "d") == layer_data(chosen, "d")
