"""SVDF of the DSP extension: what its twin in C computes, for every rest of inputs and of filters."""

from pathlib import Path

from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.schedule import steps
from tests.support.dsp_networks import M4
from tests.support.exactness import problem_of
from tests.support.svdf_networks import svdf_cases


def test_twins_of_svdf_equal_the_golden_model(tmp_path: Path) -> None:
    cases = svdf_cases()
    graphs = [case.plan.graph for case in cases]
    assert {choose_kernels(g, M4.families).name(next(iter(steps(g)))) for g in graphs} == {"svdf_state_dsp"}
    assert problem_of(cases, tmp_path) is None
