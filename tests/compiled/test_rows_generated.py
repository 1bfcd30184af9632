"""Thousands of generated networks by rows, by whole tensors and by mixtures: the golden model's bytes, each once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.weight_storage import BALANCED, NEVER
from depthwise.codegen.operators import Add
from depthwise.codegen.schedule import RowPlan, Segments, all_rows, plan_rows, whole_tensors
from depthwise.codegen.targets.cores import CORES, PLAIN
from tests.support.exactness import problem_of
from tests.support.generated import FIRST_SEED, NETWORKS, behind_passes, generated, random_segments
from tests.support.models import INT8_MODELS, read
from tests.support.narrow import inputs
from tests.support.programs import Case, Problem
from tests.support.shrink import shrink, written_down

BATCHES: Final = 100
CORE_NAMES: Final = ("host", "cortex-m4", "cortex-m55", "xtensa-lx6")
Spoil = Callable[[RowPlan], RowPlan]
SCHEDULES: Final[dict[str, Callable[[Graph, int], Segments]]] = {
    "rows": lambda graph, _: all_rows(graph),
    "whole": lambda graph, _: whole_tensors(graph),
    "mixed": random_segments,
}


def cases_of(model: Graph, seed: int, spoil: Spoil = lambda plan: plan) -> list[Case]:
    """A network by each schedule; `spoil` plants a bug into the plans."""
    graph = behind_passes(model, seed)
    images = inputs(graph, seed, random=1)[-2:]
    golden = run(graph, images)
    core = CORES[CORE_NAMES[seed % len(CORE_NAMES)]]
    stored = NEVER if seed // len(CORE_NAMES) % 2 else BALANCED
    scratch = choose_kernels(graph, core.families, stored).scratch_bytes
    names = SCHEDULES if core is PLAIN else ("rows", "whole")
    planned = {name: spoil(plan_rows(graph, SCHEDULES[name](graph, seed), scratch_bytes=scratch)) for name in names}
    given = {graph.inputs[0]: images}
    return [Case(f"net{seed}_{name}", plan, given, golden, core, stored) for name, plan in planned.items()]


def problem_in(model: Graph, seed: int, folder: Path, spoil: Spoil = lambda plan: plan) -> Problem | None:
    """What is wrong with a network by any of the schedules, the planning included."""
    try:
        return problem_of(cases_of(model, seed, spoil), folder)
    except AssertionError as error:
        return Problem(f"net{seed}", f"no plan: {error}")


def explained(seed: int, folder: Path) -> str:
    """The smallest network found in a failing one that fails as well, and what fails."""
    small = shrink(generated(seed), lambda graph: problem_in(graph, seed, folder) is not None)
    return f"seed {seed} shrinks to\n{written_down(small)}\n{problem_in(small, seed, folder)}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_rows_and_whole_tensors_equal_the_golden_model_and_multiply_nothing_twice(batch: int, tmp_path: Path) -> None:
    cases: list[Case] = []
    for seed in range(FIRST_SEED + batch, FIRST_SEED + NETWORKS, BATCHES):
        try:
            cases += cases_of(generated(seed), seed)
        except AssertionError as error:
            raise AssertionError(explained(seed, tmp_path)) from error
    found = problem_of(cases, tmp_path)
    assert found is None, f"{found}\n{explained(int(found.case[3:].split('_')[0]), tmp_path)}"


def waiting_too_short(plan: RowPlan) -> RowPlan:
    """A bug: every ring in which rows wait for the other branch of an ADD is one row too short."""
    added = {t for n in plan.graph.nodes if isinstance(n.op, Add) for t in n.inputs}
    rings = list(plan.rings)
    for at, (group, offset) in enumerate(rings):
        leaves = set(plan.graph.outputs).intersection(group.tensors)
        if added.intersection(group.tensors) and not leaves and group.depth is not None and group.depth > 1:
            rings[at] = (replace(group, depth=group.depth - 1), offset)
    return replace(plan, rings=tuple(rings))


@pytest.mark.parametrize("seed", [10_000, 10_001])
def test_a_ring_that_is_one_row_too_short_is_found_and_shrunk(seed: int, tmp_path: Path) -> None:
    assert len(generated(seed).nodes) >= 6
    found = problem_in(generated(seed), seed, tmp_path, waiting_too_short)
    assert found is not None
    assert "differ" in found.seen
    small = shrink(generated(seed), lambda graph: problem_in(graph, seed, tmp_path, waiting_too_short) is not None)
    assert "ADD" in [n.op.kind for n in small.nodes]
    assert len(small.nodes) <= 3


@pytest.mark.parametrize("seed", range(len(CORE_NAMES)))
@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_by_rows_and_by_whole_tensors_equal_the_golden_model(name: str, seed: int, tmp_path: Path) -> None:
    found = problem_of(cases_of(read(name), seed), tmp_path)
    assert found is None, str(found)
