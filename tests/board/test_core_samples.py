"""A network of each operator on each virtual core, all in one program; `make core-samples` runs more of them."""

from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import core
from tests.support.conformance.harness import all_cases, given_to
from tests.support.core_program import core_program
from tests.support.core_samples import BOARDS, samples
from tests.support.operator_networks import operator_network
from tests.support.programs import Case
from tests.support.projects import skip_without_tools

SEED: Final = 0


@pytest.mark.parametrize("board_name", BOARDS)
def test_every_operator_is_equal_on_every_virtual_core(board_name: str, tmp_path: Path) -> None:
    skip_without_tools(board(board_name))
    taken = dict(samples(core(board(board_name).core), SEED))
    assert taken.keys() == all_cases().keys()
    program = core_program(list(taken.values()), board_name, tmp_path / "project")
    assert not program.faults()
    assert program.compared > 0


def test_a_move_between_two_places_of_the_block_is_computed_where_nothing_is_traced(tmp_path: Path) -> None:
    """GCC 12 loses these loops from -O1 on where it knows both addresses: it is no part of others."""
    target = core("cortex-m4")
    graph = lower(operator_network("TRANSPOSE of channels", 2))
    case = Case.of("net", choose(graph, "rows", variant(graph, target)), given_to(graph, 2), target)
    assert not core_program([case], "mps2-m4", tmp_path / "project", trace=False).faults()
