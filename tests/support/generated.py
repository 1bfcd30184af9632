"""Generated networks of three kinds, and what becomes of them: passes, random mixtures of schedules."""

from itertools import pairwise
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.schedule import Segments
from tests.support.dead_networks import dead_network
from tests.support.networks import random_network
from tests.support.residual_networks import residual_chain

NETWORKS: Final = 2000
FIRST_SEED: Final = 10_000


def generated(seed: int) -> Graph:
    """A network of one of three kinds."""
    return (random_network, dead_network, residual_chain)[seed // 2 % 3](seed)


def behind_passes(graph: Graph, seed: int) -> Graph:
    """What code is made from; for two of five seeds with all layers and channels that the model has."""
    return optimize(graph, PassOptions(rewrite=seed % 5 < 3)).graph


def random_segments(graph: Graph, seed: int) -> Segments:
    cuts = np.flatnonzero(np.random.default_rng(seed).random(len(graph.nodes) - 1) < 0.4) + 1
    ends = [0, *(int(c) for c in cuts), len(graph.nodes)]
    return tuple(pairwise(ends))
