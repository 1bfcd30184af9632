"""Every pass alone on 2,400 generated networks and on real models: no bit of what is left changes."""

from collections import Counter

import pytest

from depthwise.codegen.passes import (
    narrow,
    optimize,
)
from depthwise.codegen.passes.intervals import intervals
from depthwise.codegen.passes.optimize import lower
from tests.support.dead_networks import dead_network
from tests.support.each_pass import PASSES, assert_keeps_every_bit
from tests.support.narrow import BATCHES, NETWORKS
from tests.support.networks import NAMED_NETWORKS

# For layers that the generated networks lack; tests/unit has the forks that are fused and the channels that settle.
ELSEWHERE = ("as_convolutions", "as_tables", "fuse_forks", "settle_constants")


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
    others = ("fold_constants", "drop_dead", *ELSEWHERE)
    assert min(worked[name] for name in (*PASSES, "narrow") if name not in others) >= 10


@pytest.mark.parametrize("name", ELSEWHERE[:2])
def test_passes_for_other_layers_find_work_in_named_networks(name: str) -> None:
    assert any(
        PASSES[name](graph).nodes != graph.nodes for graph in (lower(make()) for make in NAMED_NETWORKS.values())
    )
