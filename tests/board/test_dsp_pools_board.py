"""Pools of the DSP extension on the virtual Cortex-M4."""

from pathlib import Path

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose
from tests.support.conformance.harness import given_to
from tests.support.core_program import core_program
from tests.support.dsp_networks import M4
from tests.support.pool_networks import SEEDS, pool_chain
from tests.support.programs import Case


def test_pools_on_a_board_equal_the_golden_model(tmp_path: Path) -> None:
    made = []
    for seed in SEEDS:
        graph = lower(pool_chain(seed))
        made.append(Case.of(f"net{seed}", choose(graph, "auto", variant(graph, M4)), given_to(graph, seed), M4))
    assert core_program(made, "mps2-m4", tmp_path / "project", trace=True).faults() == {}
