"""Which layers get kernels for the DSP extension."""

import pytest

from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp.depthwise_conv_2d import Columns
from depthwise.codegen.kernels.dsp.dots import form_of
from depthwise.codegen.kernels.dsp.lines import is_on_line
from depthwise.codegen.kernels.predict import events
from depthwise.codegen.operators import Activation, Conv2D, DepthwiseConv2D, FullyConnected
from depthwise.codegen.operators.registry import has_weights
from depthwise.codegen.passes import optimize
from tests.support.clamped_networks import HELD, MOVED, clamped
from tests.support.dsp_networks import M4, WIDTHS, columns_chain, padded_grid, separable_chain, shared_rows
from tests.support.models import read
from tests.support.network_builder import Builder

FAST = ("depthwise_conv_2d_dsp", "depthwise_conv_2d_padded_dsp")


def test_chains_reach_the_fast_kernels() -> None:
    kinds: set[str] = set()
    for activation in (Activation.RELU, Activation.NONE):
        for width in WIDTHS:
            kinds |= set(choose_kernels(optimize(separable_chain(width, activation)).graph, M4.families).names.values())
    assert {"conv_2d_dsp", "depthwise_conv_2d_dsp", "fully_connected_pairs_dsp", "add_plane"} <= kinds


def test_every_layer_with_weights_of_vww_is_computed_by_a_fast_kernel() -> None:
    graph = optimize(read("vww_96_int8")).graph
    kinds = choose_kernels(graph, M4.families)
    weighted = [n for n in graph.nodes if isinstance(n.op, Conv2D | DepthwiseConv2D | FullyConnected)]
    assert [n.layer for n in weighted if not kinds.name(n).endswith("_dsp")] == []


def test_layers_that_differ_in_their_channels_share_a_function_where_rows_are_computed_at_once() -> None:
    for width, functions in ((5, 1), (6, 1), (7, 3)):
        graph = shared_rows(width, (7, 12, 1))
        chosen = [c for c in choose_kernels(graph, M4.families).chosen.values() if c.kernel.name == FAST[0]]
        assert len(chosen) == 3
        assert len({c.kernel.shape(c.layer) for c in chosen}) == functions


def test_a_layer_that_shares_its_function_with_none_has_its_channels_in_the_code() -> None:
    graph = shared_rows(6, (7, 7))
    chosen = [c for c in choose_kernels(graph, M4.families).chosen.values() if c.kernel.name == FAST[0]]
    shapes = {c.kernel.shape(c.layer) for c in chosen}
    assert [s.channels for s in shapes if isinstance(s, Columns)] == [7]


def test_rows_and_channels_that_instructions_cannot_step_over_are_left_to_plain_kernels() -> None:
    for width, channels, fast in ((4, 4095, True), (4, 4096, False), (4095, 3, True), (4096, 3, False)):
        build = Builder(1)
        x = build.conv(build.input(1, 3, width, 1), channels, (1, 1), activation=Activation.NONE)
        x = build.depthwise(x, (3, 3), activation=Activation.NONE)
        chosen = choose_kernels(build.finish("large", x), M4.families).chosen[x]
        assert (chosen.kernel.name == "depthwise_conv_2d_dsp") == fast
        assert fast or any("supported" in r.reason for r in chosen.refusals if r.kernel == "depthwise_conv_2d_dsp")


def test_rows_that_depthwise_kernels_count_on_are_written_so_without_room_for_scratch_too() -> None:
    for width in WIDTHS:
        graph = optimize(separable_chain(width)).graph
        kernels = choose_kernels(graph, M4.families, most_scratch=0)
        fast = [n for n in graph.nodes if n.output in kernels.chosen and kernels.name(n) in FAST]
        assert fast
        assert all(kernels.chosen[n.inputs[0]].layer.planar for n in fast)
        assert any(c.kernel.scratch is None for c in kernels.chosen.values() if c.kernel.operators == (Conv2D,))


def test_padded_rows_of_a_conv_2d_take_their_scratch_whatever_is_left() -> None:
    graph = padded_grid(8)
    kernels = choose_kernels(graph, M4.families, most_scratch=0)
    written = [n for n in graph.nodes if n.inputs[0] not in graph.inputs]
    assert {kernels.name(n) for n in written} <= {*FAST}
    assert kernels.scratch_bytes > 0


@pytest.mark.parametrize("clamp", MOVED)
def test_clamps_that_have_one_end_of_int8_are_on_lines(clamp: tuple[int, int]) -> None:
    """No other family's kernels move lines back: `lines_of`, which they ask, gives them none."""
    graph = clamped(columns_chain(13), *clamp)
    weighted = [n for n in graph.nodes if has_weights(n.op)]
    assert {form_of(graph, n) for n in weighted} == {"moved"}
    assert not any(is_on_line(graph, n) for n in weighted)
    chosen = choose_kernels(graph, M4.families)
    assert {chosen.name(n) for n in weighted} == {"conv_2d_columns_dsp", "conv_2d_dsp", FAST[0]}
    assert all(events(chosen.of(n))["moved output"] > 0 for n in weighted)


@pytest.mark.parametrize("clamp", HELD)
def test_clamps_that_qsub8_does_not_end_are_on_lines_that_are_held(clamp: tuple[int, int]) -> None:
    graph = clamped(shared_rows(5, (7,)), *clamp)
    weighted = [n for n in graph.nodes if has_weights(n.op)]
    assert {form_of(graph, n) for n in weighted} == {"held"}
    assert not any(is_on_line(graph, n) for n in weighted)


@pytest.mark.parametrize("ends", [((-128, 126), (-128, 50)), ((-120, 100), (-120, 50))])
def test_layers_that_end_at_different_places_share_functions(ends: tuple[tuple[int, int], ...]) -> None:
    """What lines are moved or held by is among the constants."""
    made = [clamped(shared_rows(5, (7,)), *clamp) for clamp in ends]
    chosen = [c for g in made for c in choose_kernels(g, M4.families).chosen.values() if c.kernel.name == FAST[0]]
    assert len({c.kernel.shape(c.layer) for c in chosen}) == 1
