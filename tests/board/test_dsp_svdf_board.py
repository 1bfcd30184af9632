"""SVDF of the DSP extension on the virtual Cortex-M4."""

from pathlib import Path

from tests.support.core_program import core_program
from tests.support.svdf_networks import svdf_cases


def test_svdf_on_a_board_equals_the_golden_model(tmp_path: Path) -> None:
    assert core_program(svdf_cases(), "mps2-m4", tmp_path / "project").faults() == {}
