"""1x1 layers of eight inputs, which stay in registers: what their twins in C compute."""

from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp import conv_2d_kept
from depthwise.codegen.kernels.weight_storage import NEVER
from depthwise.codegen.schedule import choose
from tests.support.clamped_networks import clamped
from tests.support.dsp_networks import M4, M4_WAITING
from tests.support.exactness import problem_of
from tests.support.kept_networks import kept_chain, without_lines
from tests.support.narrow import inputs
from tests.support.programs import Case


def test_kept_inputs_equal_the_golden_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Odd and even rows, channels with a loop and without, on lines and on moved ones, copied words and others."""
    monkeypatch.setattr(conv_2d_kept, "LEAST_OUTPUTS", 1)
    made: list[Case] = []
    for number, (width, channels) in enumerate(((4, 1), (5, 8), (6, 13), (7, 16), (16, 24), (9, 31), (12, 48))):
        graph, core = kept_chain(width, channels), (M4, M4_WAITING)[number % 2]
        for given in (graph, clamped(graph, -128, 100), clamped(graph, -40, 127)):
            names = list(choose_kernels(given, core.families).names.values())
            assert names.count("conv_2d_kept_dsp") >= 3
            plan = choose(given, "auto", variant(given, core, NEVER))
            made.append(Case.of(given.name, plan, inputs(given, 4, random=2), core, NEVER))
    assert problem_of(made, tmp_path) is None


def test_kept_inputs_without_lines_equal_the_golden_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums that are scaled in one step."""
    monkeypatch.setattr(conv_2d_kept, "LEAST_OUTPUTS", 1)
    without_lines(monkeypatch)
    made: list[Case] = []
    for number, (width, channels) in enumerate(((4, 1), (5, 8), (6, 13), (9, 31))):
        graph, core = kept_chain(width, channels), (M4, M4_WAITING)[number % 2]
        assert list(choose_kernels(graph, core.families).names.values()).count("conv_2d_kept_dsp") >= 3
        plan = choose(graph, "auto", variant(graph, core, NEVER))
        made.append(Case.of(graph.name, plan, inputs(graph, 4, random=2), core, NEVER))
    assert problem_of(made, tmp_path) is None
