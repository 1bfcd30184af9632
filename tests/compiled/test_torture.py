"""A short sample of each row of docs/results/torture.md, by other seeds; `make torture` does all of it."""

from pathlib import Path

import pytest

from docs.make.torture import KINDS
from tests.support.torture.tally import Tally

SAMPLE = {"tflite": 1500, "keras": 60, "manifest": 150, "array": 500, "picture": 500, "host": 20_000}
SAMPLE |= {"firmware": 100_000, "networks": 25}
FIRST_SEED = 1_000_000


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_the_volume_has_no_faults(name: str, tmp_path: Path) -> None:
    tally = KINDS[name].run(FIRST_SEED, SAMPLE[name], tmp_path)
    assert tally.faults == {}
    assert tally.done == SAMPLE[name]
    assert tally.taken > 0


def test_a_traceback_and_a_wrong_answer_are_faults() -> None:
    tally = Tally()
    tally.count(7, lambda: int("no number"))
    assert list(tally.faults) == [7]
