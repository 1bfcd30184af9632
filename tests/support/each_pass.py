"""One pass alone on a network, and what it leaves of it."""

from collections.abc import Callable
from typing import Final

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import (
    absorb_pad,
    as_convolutions,
    as_tables,
    drop_dead,
    drop_identities,
    fold_constants,
    fold_shuffles,
    fuse_clamps,
    fuse_forks,
    fuse_tables,
    narrow,
)
from depthwise.codegen.passes.intervals import intervals
from depthwise.codegen.passes.settle_constants import settle_constants
from tests.support.narrow import inputs

PASSES: Final[dict[str, Callable[[Graph], Graph]]] = {
    "fold_constants": fold_constants,
    "drop_dead": drop_dead,
    "drop_identities": drop_identities,
    "as_convolutions": as_convolutions,
    "as_tables": as_tables,
    "fuse_clamps": fuse_clamps,
    "fuse_tables": fuse_tables,
    "fuse_forks": fuse_forks,
    "absorb_pad": absorb_pad,
    "fold_shuffles": fold_shuffles,
    "settle_constants": settle_constants,
}


def assert_keeps_every_bit(graph: Graph, seed: int, random: int = 3) -> None:
    images = inputs(graph, seed, random)
    before = run(graph, images)
    for name, apply in PASSES.items():
        made = apply(graph)
        assert made.outputs == graph.outputs
        if made == graph:  # the very tensors and the same nodes: it computes what it did
            continue
        for tensor, value in run(made, images).items():
            assert (value == before[tensor]).all(), f"{name} changed tensor {tensor}"
    narrowed, keep = narrow(graph, intervals(graph))
    for tensor, value in run(narrowed, images).items():
        assert (value == before[tensor][..., keep[tensor]]).all(), f"narrow changed tensor {tensor}"
