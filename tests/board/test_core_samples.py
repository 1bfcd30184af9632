"""A network of each operator on each virtual core, all in one program; `make core-samples` runs more of them."""

from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import core
from tests.support.conformance.harness import all_cases
from tests.support.core_program import core_program
from tests.support.core_samples import BOARDS, samples

SEED: Final = 0


@pytest.mark.parametrize("board_name", BOARDS)
def test_every_operator_is_equal_on_every_virtual_core(board_name: str, tmp_path: Path) -> None:
    taken = dict(samples(core(board(board_name).core), SEED))
    assert taken.keys() == all_cases().keys()
    program = core_program(list(taken.values()), board_name, tmp_path / "project")
    assert not program.faults()
    assert program.compared > 0
