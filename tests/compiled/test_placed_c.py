"""Generated C of networks whose layers move nothing: every tensor of every run equals the golden model, sanitized."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.schedule import all_rows, choose, whole_tensors
from depthwise.codegen.schedule.views import Viewing
from depthwise.codegen.targets.cores import CORES
from tests.support.exactness import problem_of
from tests.support.placed_networks import random_placed
from tests.support.port_networks import values
from tests.support.programs import Case

NETWORKS: Final = 16
CORE_NAMES: Final = ("host", "cortex-m4", "cortex-m55", "xtensa-lx6", "cortex-m0plus")


def cases_of(seed: int) -> Iterator[Case]:
    """By rows and whole with all views that there can be, and the plan that is chosen; sequences of three inputs."""
    graph = optimize(random_placed(seed), PassOptions(rewrite=seed % 2 == 0)).graph
    core = CORES[CORE_NAMES[seed % len(CORE_NAMES)]]
    usual, given = variant(graph, core), values(graph, seed, 3)
    seeing = Viewing(graph).seeing
    for name, segments in (("rows", all_rows(graph)), ("whole", whole_tensors(graph))):
        yield Case.of(f"net{seed}_{name}", seeing.plan(segments).with_scratch(usual.scratch_bytes), given, core)
    yield Case.of(f"net{seed}_auto", choose(graph, "auto", usual), given, core)


def test_networks_of_layers_that_move_nothing_equal_the_golden_model(tmp_path: Path) -> None:
    cases = [case for seed in range(NETWORKS) for case in cases_of(seed)]
    assert sum(len(case.plan.views) for case in cases) > 4 * NETWORKS
    assert problem_of(cases, tmp_path) is None
