"""All rewrites of float networks in order, until none finds anything to do."""

from collections.abc import Callable
from typing import Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.passes.dead import drop_dead
from depthwise.codegen.passes.fold_constants import fold_constants

from .affine import fold_affine
from .fuse_relu import fuse_relu
from .identities import drop_identities
from .pad_to_same import pad_to_same

REWRITES: Final[tuple[Callable[[Graph], Graph], ...]] = (drop_identities, fuse_relu, fold_affine, pad_to_same)


def simplify(graph: Graph) -> Graph:
    """The same function of fewer layers: what a quantizer, and the int8 specification, want to see.

    Clamps are fused, padding is SAME where that says the same, normalizations are folded. Only the folding of
    MUL and ADD rounds differently, in the last bits of float32.
    """
    graph = drop_dead(fold_constants(graph), whole_layers=True)
    while True:
        before = graph
        for rewrite in REWRITES:
            graph = rewrite(graph)
        if graph is before:
            return graph
