"""Constants of layers: named after their layer, made once where they are small, not held where they are large."""

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from depthwise.codegen.kernels.layer_data import MOST_REMEMBERED, layer_data
from depthwise.codegen.operators import Activation
from depthwise.codegen.targets.cores import CORES
from tests.support.network_builder import Builder


def pointwise(inputs: int, channels: int) -> Graph:
    build = Builder(inputs)
    return build.finish("one", build.conv(build.input(1, 1, 1, inputs), channels, (1, 1), activation=Activation.RELU))


def chosen_of(graph: Graph) -> Chosen:
    return choose_kernels(graph, CORES["cortex-m3"].families).of(graph.nodes[0])


@pytest.mark.parametrize(("inputs", "same"), [(8, True), (MOST_REMEMBERED // 16, False)])
def test_numbers_of_small_layers_alone_stay_in_memory(inputs: int, same: bool) -> None:
    """A network of 4 MB took 100 MB more for each core that it was made for."""
    chosen = chosen_of(pointwise(inputs, 32))
    first, second = (layer_data(chosen, name) for name in ("net_data0", "other_data0"))
    assert first is not None
    assert second is not None
    assert [array.name.removeprefix("net_data0_") for array in first.arrays] == [
        array.name.removeprefix("other_data0_") for array in second.arrays
    ]
    values = zip(first.arrays, second.arrays, strict=True)
    assert all(a.values == b.values and (a.values is b.values) == same for a, b in values)
