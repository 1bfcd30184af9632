"""Instructions of Armv7-M on a board compute what their twins in C do."""

from pathlib import Path

from depthwise.codegen.targets.cores import CORES
from tests.support.armv7m_networks import armv7m_cases
from tests.support.core_program import core_program


def test_strips_compute_on_cores_with_the_extension_what_the_golden_model_does(tmp_path: Path) -> None:
    cases = list(armv7m_cases(CORES["cortex-m4"], (9,)))
    assert not core_program(cases, "mps2-m4", tmp_path / "p").faults()


def test_tiles_of_all_widths_in_all_forms_compute_what_the_golden_model_does(tmp_path: Path) -> None:
    assert not core_program(list(armv7m_cases()), "mps2-m3", tmp_path / "p").faults()
