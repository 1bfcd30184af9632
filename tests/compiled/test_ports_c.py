"""Networks of several inputs and outputs as C: every tensor of every run equals the golden model, sanitized."""

from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import lower, optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import CORES, PLAIN, Core
from tests.support.exactness import problem_of
from tests.support.port_networks import NETWORKS, random_ports, values
from tests.support.programs import Case

SCHEDULES: Final = ("auto", "rows", "whole")


def case(name: str, graph: Graph, schedule: str, core: Core = PLAIN) -> Case:
    return Case.of(name, choose(graph, schedule, variant(graph, core)), values(graph, 1, 3), core)


def test_named_networks_equal_the_golden_model_by_rows_and_whole(tmp_path: Path) -> None:
    cases = [case(f"{name}_{way}", lower(make()), way) for name, make in NETWORKS.items() for way in SCHEDULES]
    assert problem_of(cases, tmp_path, "gcc") is None


@pytest.mark.parametrize("core", ["host", "cortex-m0plus", "cortex-m4", "cortex-m55"])
def test_generated_networks_equal_the_golden_model_on_every_core(core: str, tmp_path: Path) -> None:
    cases = [
        case(f"net{seed}", optimize(random_ports(seed)).graph, SCHEDULES[seed % 3], CORES[core]) for seed in range(40)
    ]
    assert problem_of(cases, tmp_path) is None
