"""A regression is what grew by more than 1 %, nothing else."""

from docs.make.bench_check import FIGURES, worse

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
