"""TRANSPOSE and PAD of random small tensors: rows and columns of any number, at any address."""

from typing import Final

from depthwise.codegen.graph import Graph, Pads
from tests.support.network_builder import Builder

SEEDS: Final = range(60)
MOST: Final = 18  # elements of an axis; from 13 rows on a tensor is turned as a whole
PERMUTATIONS: Final = (
    (0, 3, 1, 2),
    (0, 2, 3, 1),
    (0, 1, 3, 2),
    (0, 3, 2, 1),
    (1, 3, 0, 2),
    (2, 1, 0),
    (0, 2, 1),
    (0, 1, 2, 4, 3),
    (3, 2, 1, 0),
)


def turned(seed: int) -> Graph:
    """One TRANSPOSE."""
    build = Builder(seed)
    permutation = PERMUTATIONS[seed % len(PERMUTATIONS)]
    shape = (int(n) for n in build.rng.integers(1, MOST, len(permutation) - 1))
    return build.finish(f"turned{seed}", build.transpose(build.input(1, *shape), *permutation))


def bordered(seed: int) -> Graph:
    """One PAD; columns beside a row take no bytes, a few, or more than a loop of words sets at once."""
    build = Builder(seed)
    height, width, channels = (int(n) for n in build.rng.integers(1, MOST, 3))
    top, bottom = (int(n) for n in build.rng.integers(0, 3, 2))
    left, right = (int(n) for n in build.rng.integers(0, (3, 40)[seed % 2], 2))
    pads = Pads(top, bottom, left, right + (not (top or bottom or left or right)))
    return build.finish(f"bordered{seed}", build.pad(build.input(1, height, width, channels), pads))
