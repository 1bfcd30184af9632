"""TRANSPOSE of the DSP extension and PAD: their C on this machine equals the golden model."""

from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose
from tests.support.conformance.harness import given_to
from tests.support.dsp_networks import M4
from tests.support.exactness import problem_of
from tests.support.programs import Case
from tests.support.turned_networks import SEEDS, bordered, turned


@pytest.mark.parametrize("schedule", ["rows", "whole"])
def test_bytes_that_move_equal_the_golden_model(schedule: str, tmp_path: Path) -> None:
    made = []
    for name, draw in (("turned", turned), ("bordered", bordered)):
        for seed in SEEDS:
            graph = lower(draw(seed))
            if graph.nodes:
                plan = choose(graph, schedule, variant(graph, M4))
                made.append(Case.of(f"{name}{seed}", plan, given_to(graph, seed), M4))
    assert problem_of(made, tmp_path) is None
