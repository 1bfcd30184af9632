"""Intervals of generated networks: what is off by one is caught, promises make them narrower."""

from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.passes import intervals as module
from depthwise.codegen.passes import optimize
from depthwise.codegen.passes.intervals import intervals
from tests.support.dead_networks import dead_network
from tests.support.narrow import assert_same, inputs
from tests.support.off_by_one import narrower


@pytest.mark.parametrize("side", ["lower", "upper"])
def test_an_end_that_is_off_by_one_is_caught_by_generated_networks(side: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when only what survives is compared, and not the intervals themselves."""
    monkeypatch.setattr(module, "interval_of", narrower(side))
    caught = 0
    for seed in range(120):
        graph = dead_network(seed)
        try:
            assert_same(replace(optimize(graph), found={}), inputs(graph, seed))
        except AssertionError:
            caught += 1
    assert caught > 0


def test_a_promised_range_makes_intervals_narrower_and_they_hold() -> None:
    for seed in range(60):
        graph = dead_network(seed)
        wide, tight = intervals(graph), intervals(graph, (-20, 30))
        images = np.clip(inputs(graph, seed), -20, 30).astype(np.int8)
        golden = run(graph, images)
        for tensor, interval in tight.items():
            assert np.greater_equal(interval.lower, wide[tensor].lower).all()
            assert np.less_equal(interval.upper, wide[tensor].upper).all()
            assert np.greater_equal(golden[tensor], interval.lower).all()
            assert np.less_equal(golden[tensor], interval.upper).all()
