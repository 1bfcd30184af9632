"""Which 1x1 layers keep their inputs in registers."""

from typing import Literal

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp import conv_2d_kept
from depthwise.codegen.kernels.dsp.conv_2d_kept import Kept
from depthwise.codegen.passes import optimize
from tests.support.dsp_networks import M4, M4_WAITING, with_least_weights
from tests.support.kept_networks import kept_chain
from tests.support.models import read

NAME = "conv_2d_kept_dsp"


def reason(graph: Graph, waits: bool = False) -> str:
    """Why the first layer keeps none."""
    chosen = choose_kernels(graph, (M4_WAITING if waits else M4).families).of(graph.nodes[0])
    return next(r.reason for r in chosen.refusals if r.kernel == NAME)


def test_the_second_layer_of_vww_keeps_them() -> None:
    graph = optimize(read("vww_96_int8")).graph
    for core in (M4, M4_WAITING):
        names = choose_kernels(graph, core.families).names
        assert [n.layer for n in graph.nodes if names.get(n.output) == NAME] == [2]


def test_sums_that_are_on_no_line_but_scaled_in_one_step_are_kept_too() -> None:
    graph = optimize(read("mobilenet_v1_025_96_imagenet_int8")).graph
    chosen = [c for c in choose_kernels(graph, M4.families).chosen.values() if c.kernel.name == NAME]
    shapes = [c.kernel.shape(c.layer) for c in chosen]
    assert [(s.form, s.channels) for s in shapes if isinstance(s, Kept)] == [("scaled", 16)]


@pytest.mark.parametrize(("form", "channels", "unrolled"), [("line", 31, 7), ("line", 16, 8), ("scaled", 47, 5)])
def test_code_that_reads_copied_words_stays_in_a_cache(
    form: Literal["line", "scaled"], channels: int, unrolled: int
) -> None:
    kept = Kept(copied=True, form=form, out_w=4, step=8, pixel=1, channel=4, channels=channels, moved=0)
    assert kept.unrolled == unrolled
    assert kept.code <= 1024


def test_layers_whose_code_does_not_pay_are_left_to_blocks() -> None:
    assert "8,192" in reason(kept_chain(16, 24))


def test_what_registers_and_lanes_do_not_hold_is_left_to_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conv_2d_kept, "LEAST_OUTPUTS", 1)
    assert "-128" in reason(with_least_weights(kept_chain(8, 9)))
    assert "1,536 are copied" in reason(kept_chain(8, 97), waits=True)
    assert "fewer than 2 pixels" in reason(kept_chain(1, 9))


@pytest.mark.parametrize(
    ("channels", "head", "unrolled"), [(16, 0, 8), (13, 5, 8), (7, 0, 7), (12, 0, 6), (5, 0, 5), (3, 3, 8), (17, 1, 8)]
)
def test_every_channel_is_in_front_of_the_loop_or_in_it(channels: int, head: int, unrolled: int) -> None:
    kept = Kept(copied=False, form="line", out_w=4, step=8, pixel=1, channel=4, channels=channels, moved=0)
    assert (kept.head, kept.unrolled) == (head, unrolled)
    assert (kept.channels - kept.head) % kept.unrolled == 0
