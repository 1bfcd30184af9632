"""Layers whose input rows are scattered, in C on this machine: every tensor equals the golden model's, sanitized."""

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose, plan_rows
from depthwise.codegen.targets.cores import CORES
from tests.support.exactness import problem_of
from tests.support.generated import random_segments
from tests.support.programs import Case
from tests.support.scattered_networks import KINDS, SEEDS, scattered

CORE_NAMES: Final = ("host", "cortex-m4")
SCHEDULES: Final = ("rows", "whole", "auto", "mixed")
RUNS: Final = 3


def case(seed: int, core: str) -> Case:
    graph, schedule = lower(scattered(seed)), SCHEDULES[(seed // KINDS + seed) % len(SCHEDULES)]
    scratch = variant(graph, CORES[core]).scratch_bytes
    if schedule == "mixed":
        plan = plan_rows(graph, random_segments(graph, seed), scratch_bytes=scratch)
    else:
        plan = choose(graph, schedule, variant(graph, CORES[core]))
    shape = graph.tensors[graph.inputs[0]].shape
    images = np.random.default_rng(seed).integers(-128, 128, (RUNS, *shape[1:]), np.int8)
    return Case.of(f"net{seed}_{schedule}", plan, images, CORES[core])


@pytest.mark.parametrize("core", CORE_NAMES)
def test_scattered_rows_equal_the_golden_model_by_any_schedule(core: str, tmp_path: Path) -> None:
    assert problem_of([case(seed, core) for seed in SEEDS], tmp_path) is None
