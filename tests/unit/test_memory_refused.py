"""What does not fit a board is refused with all the numbers."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.errors import DoesNotFitError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.memory import ordered_row_bytes
from depthwise.codegen.targets.boards import board, boards
from depthwise.codegen.targets.cores import CORES
from tests.support.dsp_networks import depthwise_rows
from tests.support.models import model_path


@pytest.mark.parametrize("model", ["ic_resnet8_int8", "mobilenet_v1_025_96_imagenet_int8"])
def test_a_model_that_does_not_fit_is_refused_with_all_the_numbers(model: str, tmp_path: Path) -> None:
    options = ExportOptions(board=board("netduino2-20k"), schedule="whole")
    numbers = r"needs [\d,]+ bytes of RAM \([\d,]+ for activations, largest at layer \d+ .* 1,024 for the stack\)"
    with pytest.raises(DoesNotFitError, match=rf"{numbers}, netduino2-20k has 20,480; .*is [\w-]+ with") as caught:
        export(model_path(model), tmp_path / "p", options)
    found = re.search(r"needs ([\d,]+) .* is ([\w-]+) with", str(caught.value))
    assert found is not None
    needed = int(found[1].replace(",", "")) - options.board.stack_bytes
    larger = [b for b in boards().values() if b.ram_bytes >= needed + b.stack_bytes]
    assert board(found[2]).ram_bytes == min(b.ram_bytes for b in larger)
    assert not (tmp_path / "p").exists()


def test_constants_beyond_the_boards_flash_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DoesNotFitError, match=r"27\d,\d{3} bytes of flash for constants.* has 131,072"):
        export(model_path("ad01_int8"), tmp_path / "p", ExportOptions(board=board("netduino2-20k")))


def test_visual_wake_words_are_refused_by_8_kb(tmp_path: Path) -> None:
    with pytest.raises(DoesNotFitError, match="stm32vldiscovery has 8,192"):
        export(model_path("vww_96_int8"), tmp_path / "p", ExportOptions(board=board("stm32vldiscovery")))


NOT_EMULATED: Final = {"xtensa-lx106", "xtensa-lx7"}


def test_every_core_but_two_of_xtensa_has_a_virtual_board() -> None:
    assert {b.core for b in boards().values() if b.virtual} == CORES.keys() - NOT_EMULATED


def test_visual_wake_words_are_refused_by_16_kb_with_all_the_numbers(tmp_path: Path) -> None:
    numbers = r"needs [\d,]+ bytes of RAM \(.* 1,536 for the stack\), microbit has 16,384; .*is bluepill"
    with pytest.raises(DoesNotFitError, match=numbers):
        export(model_path("vww_96_int8"), tmp_path / "p", ExportOptions(board=board("microbit"), trace=True))


def test_a_trace_build_has_room_on_its_stack_for_a_row_that_it_brings_into_order(tmp_path: Path) -> None:
    """Such rows lie channel after channel; longer than the stack they were written over the network's own state."""
    graph, row = depthwise_rows(8, 1030), 8 * 1030
    (tmp_path / "net.tflite").write_bytes(write_model(graph))
    assert ordered_row_bytes(graph, CORES["cortex-m4"]) == row > board("netduinoplus2").stack_bytes
    assert ordered_row_bytes(graph, CORES["cortex-m3"]) == 0
    plain, traced = (_needed(tmp_path / "net.tflite", trace=trace) for trace in (False, True))
    assert row < traced - plain < row + 256


def _needed(model: Path, *, trace: bool) -> int:
    """RAM that a project needs, as a board without any is refused it."""
    target = replace(board("netduinoplus2"), ram_bytes=8192)
    with pytest.raises(DoesNotFitError) as caught:
        export(model, model.parent / "p", ExportOptions(board=target, trace=trace, schedule="whole"))
    found = re.search(r"needs ([\d,]+) bytes of RAM", str(caught.value))
    assert found is not None
    return int(found[1].replace(",", ""))
