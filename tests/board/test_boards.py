"""Boards end to end: whole trace builds in the memories of a small Cortex-M3."""

from pathlib import Path

import pytest

from depthwise.host.build import measure
from depthwise.host.demo import MODEL
from tests.support.models import model_path
from tests.support.projects import built
from tests.support.verified import verified

RAM_BYTES = 20 * 1024
MARGIN = 1.5


def path_of(name: str) -> Path:
    return model_path(name) if name else MODEL


@pytest.mark.parametrize("name", ["", "ic_resnet8_int8", "kws_dscnn_int8", "vww_96_int8"])
def test_every_tensor_is_equal_in_20_kb_of_ram_with_the_stack(name: str) -> None:
    project = built("netduino2-20k", path_of(name))
    verdict = verified(project)
    assert verdict.equal, str(verdict.difference)
    assert verdict.tensors == len(project.traced) > 1
    assert measure(project).ram_bytes + project.board.stack_bytes <= RAM_BYTES
    assert 0 < MARGIN * verdict.stack_bytes <= project.board.stack_bytes


def test_visual_wake_words_fit_the_flash_of_the_smaller_chip_too() -> None:
    assert measure(built("netduino2-20k", path_of("vww_96_int8"))).flash_bytes <= 64 * 1024


def test_the_whole_chip_computes_what_its_small_half_does() -> None:
    small, whole = (verified(built(name)) for name in ("netduino2-20k", "netduino2"))
    assert small.equal
    assert whole.equal
    assert (small.core, small.ticks) == (whole.core, whole.ticks)
