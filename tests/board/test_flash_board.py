"""From the project to the verdict over one URL: flashed by the real program, run on QEMU, compared bit for bit."""

import json

import pytest

from depthwise.codegen.targets.boards import boards
from depthwise.host.demo import MODEL
from depthwise.host.emulate.chips.board_chip import emulated_boards
from tests.support.chips import chip_of
from tests.support.commands import call
from tests.support.models import model_path
from tests.support.projects import built

RUNNING = [name for name in emulated_boards() if boards()[name].emulator]


@pytest.mark.parametrize("board_name", RUNNING)
def test_what_was_flashed_runs_behind_the_same_url_and_is_equal(board_name: str) -> None:
    folder = built(board_name).folder
    with chip_of(board_name) as place:
        assert place["runs_firmware"]
        done = json.loads(call("flash", folder, "--port", place["url"], "--json").stdout)
        assert (done["method"], done["checked"], done["started"]) == ("stm32loader", True, True)
        assert done["next"] == f"depthwise verify {folder} --port {place['url']}"
        verdict = json.loads(call("verify", folder, "--port", place["url"], "-n", 2, "--json").stdout)
        assert verdict["equal"] is True


def test_a_board_can_be_flashed_again_while_it_runs() -> None:
    first, second = built("netduinoplus2").folder, built("netduinoplus2", model_path("kws_dscnn_int8")).folder
    with chip_of("netduinoplus2") as place:
        for folder, name in ((first, MODEL.stem), (second, "kws_dscnn_int8"), (first, MODEL.stem)):
            assert call("flash", folder, "--port", place["url"]).exit_code == 0
            verdict = json.loads(call("verify", folder, "--port", place["url"], "-n", 1, "--json").stdout)
            assert (verdict["equal"], verdict["name"]) == (True, name)


def test_flashing_shows_what_went_where_and_what_comes_next() -> None:
    folder = built("netduinoplus2").folder
    size = (folder / "build" / "firmware.bin").stat().st_size
    with chip_of("netduinoplus2") as place:
        text = call("flash", folder, "--port", place["url"], "--verbose")
    assert f"0x08000000  {size:9,} bytes  build/firmware.bin" in text.stdout
    assert "by stm32loader at socket://" in text.stdout
    assert "compared with the board's flash" in text.stdout
    assert "Verification OK" in text.stderr


def test_a_virtual_board_is_not_flashed() -> None:
    result = call("flash", built("host").folder)
    assert result.exit_code == 2
    assert "--virtual" in result.stderr
