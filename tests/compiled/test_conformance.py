"""A sample of the random networks of single operators, three ways; `make conformance` runs 500 of each."""

from pathlib import Path

import pytest

from tests.support.conformance.harness import all_cases, compare

SAMPLE = 8


@pytest.mark.parametrize("operator", all_cases())
def test_tflite_micro_golden_and_c_agree(operator: str, tmp_path: Path) -> None:
    found = compare(all_cases()[operator], 0, SAMPLE, tmp_path)
    assert not found.faults
    assert found.cases == SAMPLE
    assert found.compared > 0
