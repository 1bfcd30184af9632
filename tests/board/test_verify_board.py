"""Verification end to end on the virtual STM32 boards, whole and damaged."""

from pathlib import Path

import pytest

from tests.support.models import INT8_MODELS, model_path
from tests.support.projects import built
from tests.support.verified import (
    assert_accuracy_is_the_golden_model_s,
    assert_broken_promise_found,
    assert_broken_weight_named,
    assert_bundled_model_equal,
    verified,
)

BOARDS = ("netduinoplus2", "netduino2-20k")


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_are_equal_on_the_virtual_stm32(name: str) -> None:
    verdict = verified(built("netduinoplus2", model_path(name)), count=2)
    assert verdict.equal, str(verdict.difference)
    assert 0 < verdict.stack_bytes < 4096


def test_a_run_on_the_virtual_stm32_counts_the_same_every_time() -> None:
    first, second = (verified(built("netduinoplus2"), count=1) for _ in range(2))
    assert first.ticks == second.ticks > 0
    assert first.stack_bytes == second.stack_bytes > 0


@pytest.mark.parametrize("board_name", BOARDS)
def test_the_bundled_model_is_equal_on_every_tensor_of_the_boards(board_name: str) -> None:
    assert_bundled_model_equal(board_name)


@pytest.mark.parametrize("board_name", BOARDS)
@pytest.mark.parametrize(("layer", "at"), [(0, (3, 1, 1, 0)), (2, (5, 0, 0, 2))])
def test_one_broken_weight_is_named_by_layer_row_column_and_channel_on_boards(
    board_name: str, layer: int, at: tuple[int, ...], tmp_path: Path
) -> None:
    assert_broken_weight_named(board_name, layer, at, tmp_path)


@pytest.mark.parametrize("board_name", BOARDS)
def test_a_trace_build_finds_an_input_outside_of_the_promised_range_on_boards(board_name: str) -> None:
    assert_broken_promise_found(board_name)


def test_accuracy_on_the_virtual_board_is_the_golden_model_s_picture_by_picture(tmp_path: Path) -> None:
    assert_accuracy_is_the_golden_model_s("netduinoplus2", tmp_path)
