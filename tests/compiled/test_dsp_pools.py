"""Pools of the DSP extension: what their twins in C compute, from any address and for any count of channels."""

from pathlib import Path

import numpy as np

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose, steps
from tests.support.conformance.harness import given_to
from tests.support.dsp_networks import M4
from tests.support.exactness import problem_of
from tests.support.pool_networks import SEEDS, pool_chain
from tests.support.programs import Case


def cases() -> list[Case]:
    """Each network by rows or whole; inputs are drawn, and the least and the largest bytes."""
    made = []
    for seed in SEEDS:
        graph = lower(pool_chain(seed))
        drawn = given_to(graph, seed)
        given = {i: np.concatenate([v, np.full_like(v[:1], -128), np.full_like(v[:1], 127)]) for i, v in drawn.items()}
        plan = choose(graph, ("rows", "whole")[seed // 4 % 2], variant(graph, M4))
        made.append(Case.of(f"net{seed}", plan, given, M4))
    return made


def test_every_pool_of_four_channels_or_more_is_one_of_the_dsp_extension() -> None:
    graphs = [lower(pool_chain(seed)) for seed in SEEDS]
    names = {choose_kernels(g, M4.families).name(node) for g in graphs for node in steps(g)}
    assert names == {"average_pool_2d_dsp", "max_pool_2d_dsp"}


def test_twins_of_the_pools_equal_the_golden_model(tmp_path: Path) -> None:
    assert problem_of(cases(), tmp_path) is None
