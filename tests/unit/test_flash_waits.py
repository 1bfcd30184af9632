"""Boards whose flash waits: what their files say is what their firmware sets, and weights stay int8 there."""

import re
from dataclasses import replace

import pytest

from depthwise.codegen.kernels.weight_storage import NEVER
from depthwise.codegen.passes import optimize
from depthwise.codegen.project.picked_way import Wishes, ways_on
from depthwise.codegen.targets.boards import board, boards
from tests.support.models import read

WAIT_STATES = re.compile(r"\.wait_states = (\d+)")
WAITING = {name: b for name, b in boards().items() if any("stm32" in source for source in b.sources)}


@pytest.mark.parametrize("name", WAITING)
def test_a_board_says_the_wait_states_that_its_firmware_sets(name: str) -> None:
    found = [m for source in WAITING[name].source_files for m in WAIT_STATES.findall(source.read_text())]
    assert [int(m) for m in found] in ([], [WAITING[name].flash_wait_states])


@pytest.mark.parametrize("flash", [None, 500_000])
def test_weights_stay_int8_where_flash_waits_and_become_int16_where_it_does_not(flash: int | None) -> None:
    graph, waiting = optimize(read("kws_dscnn_int8")).graph, board("nucleo-l4r5zi")
    at_once = replace(waiting, flash_wait_states=0)
    picked = [ways_on(graph, b, Wishes(flash=flash)).picked for b in (waiting, at_once)]
    assert picked[0].variant.int16_from == NEVER > picked[1].variant.int16_from
    assert picked[0].flash_bytes < picked[1].flash_bytes
