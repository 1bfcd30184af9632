"""Which layers get kernels for cores without the DSP extension."""

from typing import Final

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.passes import optimize
from depthwise.codegen.targets.cores import CORES
from tests.support.models import read
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS

KINDS: Final = {
    "conv": ["conv_2d_fours"],
    "conv_valid": ["conv_2d_fours"],
    "conv_strided": ["conv_2d_fours"],
    "conv_pointwise": ["pointwise_conv_2d_fours"],
    "conv_dilated": ["conv_2d_fours"],
    "depthwise": ["depthwise_conv_2d_taps"],
    "depthwise_strided": ["depthwise_conv_2d_taps"],
    "depthwise_dilated": ["depthwise_conv_2d_taps"],
    "depthwise_multiplier_8": ["depthwise_conv_2d"],
    "depthwise_multiplier_3": ["depthwise_conv_2d"],
    "dense": ["fully_connected_fours"],
}


def kinds(graph: Graph, core: str = "host") -> list[str]:
    chosen = choose_kernels(graph, CORES[core].families).names
    return [chosen[n.output] for n in graph.nodes if n.output in chosen]


@pytest.mark.parametrize("name", KINDS)
def test_a_layer_gets_the_fastest_kernel_whose_conditions_hold(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    assert kinds(graph) == KINDS[name]
    assert kinds(graph, "cortex-m0") == [kind.replace("_fours", "_rows") for kind in KINDS[name]]


def test_a_shift_to_the_left_is_no_reason_for_the_general_kernel_but_where_sums_wrap() -> None:
    for wide, kind in ((20_000.0, "pointwise_conv_2d_fours"), (1e9, "conv_2d")):
        build = Builder(1)
        graph = build.finish("left", build.conv(build.input(1, 4, 4, 2), 4, (1, 1), wide=wide))
        assert kinds(graph) == [kind]


@pytest.mark.parametrize(
    ("channels", "kernel", "fast"), [(1, (10, 8), True), (8, (8, 8), True), (8, (9, 8), False), (40, (13, 5), False)]
)
def test_a_conv_2d_of_more_taps_than_the_stack_is_given_is_left_to_the_general_one(
    channels: int, kernel: tuple[int, int], fast: bool
) -> None:
    """Inputs of few channels are gathered there instead of the addresses of taps."""
    build = Builder(1)
    graph = build.finish("large", build.conv(build.input(1, 13, 12, channels), 8, kernel))
    for core in ("cortex-m0plus", "cortex-m3", "rv32imc"):
        assert (kinds(graph, core) != ["conv_2d"]) == fast


@pytest.mark.parametrize(("kernel", "fast"), [((11, 11), True), ((12, 11), False)])
def test_a_depthwise_kernel_of_more_taps_than_the_stack_is_given_is_left_to_the_general_one(
    kernel: tuple[int, int], fast: bool
) -> None:
    build = Builder(1)
    graph = build.finish("large", build.depthwise(build.input(1, 13, 13, 2), kernel))
    assert (kinds(graph) == ["depthwise_conv_2d_taps"]) == fast


def test_all_of_vww_runs_on_fast_kernels() -> None:
    assert not {"conv_2d", "depthwise_conv_2d", "fully_connected"}.intersection(
        kinds(optimize(read("vww_96_int8")).graph)
    )
