"""Weights in groups of which two pixels' products fit into one word, and rows of tiles."""

import numpy as np
import pytest

from depthwise.codegen.graph import Array
from depthwise.codegen.kernels.armv7m.conv_2d import MOST_COUNTED
from depthwise.codegen.kernels.armv7m.groups import HALF, LONGEST, Runs, fits, runs_of
from depthwise.codegen.kernels.armv7m.tiles import tiles_of
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.operators import Activation
from depthwise.codegen.targets.cores import CORES
from tests.support.network_builder import Builder


def groups_in(runs: Runs, inputs: int) -> list[tuple[int, list[int]]]:
    """What each group of a channel begins at, and its weights, read as the kernels do."""
    found: list[tuple[int, list[int]]] = []
    at = 0
    while sum(len(weights) for _, weights in found) < inputs:
        count, at = runs.bytes_[at], at + 1
        for left in range(count - 1, -1, -1):
            found.append((left * 2**16 + HALF, list(runs.bytes_[at : at + 4])))
            at += 4
        found += [(HALF, list(runs.bytes_[at : at + 2])), (HALF, list(runs.bytes_[at + 2 : at + 4]))]
        at += 4
    assert at == len(runs.bytes_)
    return found


def random_weights(rng: np.random.Generator) -> Array:
    weights = rng.integers(-127, 128, 4 * int(rng.integers(1, 300))) * rng.uniform(0.0, 1.0) ** 2
    return np.asarray(np.where(rng.random(len(weights)) < rng.uniform(0.0, 0.2), 127, weights).astype(np.int8))


@pytest.mark.parametrize("seed", range(20))
def test_no_group_leaves_its_half_of_a_word_for_any_inputs(seed: int) -> None:
    weights = random_weights(np.random.default_rng(seed))
    assert fits(weights[None])
    runs = runs_of(weights)
    found = groups_in(runs, len(weights))
    assert [w for _, group in found for w in group] == weights.tolist()
    for begun, group in found:
        least = sum(min(-128 * w, 127 * w) for w in group)
        most = sum(max(-128 * w, 127 * w) for w in group)
        assert least >= -(2**15)
        assert most < 2**15
        assert begun + least * 2**16 + least >= -(2**31)
        assert begun + most * 2**16 + most < 2**31
        assert begun // 2**16 < LONGEST
    assert (runs.groups, runs.counted) == (len(found), sum(begun // 2**16 for begun, _ in found))


def test_a_pair_of_weights_at_the_lower_end_is_no_group() -> None:
    assert not fits(np.array([[1, 2, -128, -128]], np.int8))
    assert fits(np.array([[-128, 127, 127, -128]], np.int8))


@pytest.mark.parametrize("most", [1, 4, 5])
def test_tiles_make_up_a_row(most: int) -> None:
    costs = {outputs: 10 + 9 * outputs for outputs in range(1, most + 1)}
    for width in range(1, 40):
        tiles, x = tiles_of(width, costs), 0
        for tile in tiles:
            assert tile.end > x
            assert (tile.end - x) % tile.outputs == 0
            assert tile.outputs in costs
            x = tile.end
        assert x == width


def test_counts_of_groups_fit_beside_their_number_where_sums_are_not_on_a_line() -> None:
    """Of more inputs upper halves counted past the 17 bits of their part of a word: outputs were wrong."""
    runs = runs_of(np.zeros(MOST_COUNTED, np.int8))
    assert runs.groups < 2**15
    assert runs.counted < 2**17
    assert runs_of(np.zeros(MOST_COUNTED + 512, np.int8)).counted >= 2**17
    for inputs, name in ((2048, "conv_2d_paired"), (2052, "conv_2d_fours")):
        build = Builder(1)
        x = build.conv(build.input(1, 2, 2, inputs), 2, (2, 2), same=False, activation=Activation.NONE)
        graph = build.finish("deep", x)
        assert choose_kernels(graph, CORES["cortex-m3"].families).name(graph.nodes[0]) == name
