"""A regression is what grew by more than 1 %, nothing else."""

import json
from pathlib import Path

from docs.make.bench_check import FIGURES, WAITING, checked, worse
from docs.make.flash_waits import MADE
from docs.make.pages import RESULTS

BEFORE = dict.fromkeys(FIGURES, 1000)


def test_one_percent_more_is_no_regression_and_less_never_is() -> None:
    assert worse(BEFORE, BEFORE | {"cycles": 1010, "flash_bytes": 900}) == ()


def test_each_figure_that_grew_is_named_with_both_numbers() -> None:
    found = worse(BEFORE, BEFORE | {"cycles": 1011, "ram_bytes": 2000})
    assert found == ("cycles 1,000 -> 1,011 (+1.1%)", "ram_bytes 1,000 -> 2,000 (+100.0%)")


def test_counts_that_were_not_taken_are_not_compared() -> None:
    assert worse(BEFORE, BEFORE | {"cycles": 0}) == ()
    assert worse(BEFORE | {"cycles": 0}, BEFORE) == ()


def test_a_model_that_does_not_fit_any_more_is_worse() -> None:
    assert worse(BEFORE, None) == ("does not fit any more",)


def test_every_model_behind_flash_has_the_figures_that_are_compared() -> None:
    for of in json.loads((RESULTS / "flash.json").read_text()).values():
        for made in MADE:
            assert worse(of[made], of[made], WAITING) == ()
            assert worse(of[made], {key: 2 * of[made][key] for key in WAITING}, WAITING)


def test_a_model_that_is_not_here_is_left_out(tmp_path: Path) -> None:
    assert checked({"model": "nobody's", "board": "netduinoplus2"}, None, tmp_path) is None
