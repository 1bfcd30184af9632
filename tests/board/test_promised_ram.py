"""The RAM that an export promises is what the linker finds."""

import pytest

from depthwise.host.build import measure
from tests.support.models import INT8_MODELS, model_path
from tests.support.projects import built


@pytest.mark.parametrize("name", INT8_MODELS)
@pytest.mark.parametrize("board_name", ["host", "netduinoplus2"])
def test_the_promised_ram_is_the_elfs_to_the_byte(name: str, board_name: str) -> None:
    project = built(board_name, model_path(name), trace=False)
    assert measure(project).library_ram_bytes == project.manifest["ram_bytes"]


def test_vww_takes_less_ram_than_any_engine_was_seen_to() -> None:
    manifest = built("netduinoplus2", model_path("vww_96_int8"), trace=False).manifest
    assert manifest["ram_bytes"] <= 20_480
    assert manifest["ram_bytes"] + 96 * 96 * 3 <= 46_000
