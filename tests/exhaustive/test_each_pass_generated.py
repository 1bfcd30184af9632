"""Every pass alone on 2,400 generated networks and on real models: no bit of what is left changes."""

from collections import Counter

import pytest

from depthwise.codegen.passes import (
    narrow,
    optimize,
)
from depthwise.codegen.passes.intervals import intervals
from tests.support.dead_networks import dead_network
from tests.support.each_pass import PASSES, assert_keeps_every_bit
from tests.support.narrow import BATCHES, NETWORKS


@pytest.mark.parametrize("batch", range(BATCHES))
def test_each_pass_alone_keeps_every_bit(batch: int) -> None:
    for seed in range(batch, NETWORKS, BATCHES):
        try:
            assert_keeps_every_bit(dead_network(seed), seed)
        except AssertionError as error:
            raise AssertionError(f"dead_network({seed}): {error}") from error


def test_every_pass_finds_work_in_the_generated_networks() -> None:
    worked: Counter[str] = Counter()
    for seed in range(300):
        graph = dead_network(seed)
        for name, apply in PASSES.items():
            worked[name] += apply(graph).nodes != graph.nodes
        worked["narrow"] += narrow(graph, intervals(graph))[0].nodes != graph.nodes
        worked["border"] += any(getattr(n.op, "border", None) for n in optimize(graph).graph.nodes)
    assert min(worked[name] for name in (*PASSES, "narrow") if name not in ("fold_constants", "drop_dead")) >= 10
