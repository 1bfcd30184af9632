"""A guard that dies on a board is reported with the buffer it lies behind."""

from pathlib import Path

import pytest

from depthwise.codegen.errors import LinkError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build, measure
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.canary import stray


def test_a_canary_that_dies_on_a_board_is_reported_with_its_buffer(tmp_path: Path) -> None:
    options = ExportOptions(board=board("netduinoplus2"), trace=True, canary=True)
    manifest = export(MODEL, tmp_path / "p", options)
    project = open_project(tmp_path / "p")
    build(project)
    assert measure(project).library_ram_bytes == manifest["ram_bytes"]
    inputs = list(generated_inputs(project.graph, 2, seed=0))
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, inputs).equal
    source = project.folder / "network" / f"{manifest['name']}.c"
    whole = source.read_text()
    call = "run_step(state, step, y);"
    assert call in whole
    source.write_text(whole.replace(call, f"{call} if (step == 3) {{ {stray(str(manifest['name']))} }}"))
    build(project)
    with (
        virtual_board(project.firmware, project.board) as url,
        Link.open(url) as link,
        pytest.raises(LinkError, match=r"memory is corrupted: bytes behind the buffer that ends at offset [\d,]+"),
    ):
        verify(project, link, inputs)
