"""Speed as counted, never timed: instructions on virtual boards."""

from typing import Final

import pytest

from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.models import model_path
from tests.support.projects import built

NANOSECONDS: Final = 8  # of an instruction, by QEMU's -icount shift=3
SYSTICK_HZ: Final = {"netduinoplus2": 168_000_000, "mps2-m0plus": 25_000_000}
MOST: Final = [
    ("vww_96_int8", "netduinoplus2", 1.75),
    ("kws_dscnn_int8", "netduinoplus2", 1.55),
    ("ic_resnet8_int8", "netduinoplus2", 1.30),
    ("vww_96_int8", "mps2-m0plus", 5.8),
]


@pytest.mark.parametrize(("model", "board_name", "most"), MOST)
def test_an_inference_takes_no_more_instructions_for_a_multiplication_than_it_did(
    model: str, board_name: str, most: float
) -> None:
    project = built(board_name, model_path(model), trace=False)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 1, seed=0))
    assert verdict.equal
    instructions = verdict.ticks * 1e9 / SYSTICK_HZ[board_name] / NANOSECONDS
    assert instructions / verdict.macs <= most
