"""What a board must hold: the promise made at the export against what the linker finds."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.errors import DoesNotFitError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.memory import VECTOR_ALIGNMENT_BYTES
from depthwise.codegen.targets.boards import board, boards
from depthwise.codegen.targets.cores import core
from depthwise.host.build import build, measure
from depthwise.host.demo import MODEL
from depthwise.host.project import open_project
from tests.support.models import model_path
from tests.support.projects import built

BARE = sorted(b.name for b in boards().values() if b.toolchain)
SLACK = 8


def promised(folder: Path, model: Path, board_name: str, *, trace: bool) -> tuple[int, int]:
    """Bytes of RAM that the error names for a board of one byte: all of it, and the application's part."""
    with pytest.raises(DoesNotFitError) as caught:
        export(model, folder, ExportOptions(board=replace(board(board_name), ram_bytes=1), trace=trace))
    found = re.search(r"needs ([\d,]+) bytes of RAM .* ([\d,]+) for the application", str(caught.value))
    assert found is not None
    total, application = (int(n.replace(",", "")) for n in found.groups())
    return total, application


@pytest.mark.parametrize("trace", [True, False])
@pytest.mark.parametrize(
    ("board_name", "model"),
    [*((name, "") for name in BARE), *(("netduino2", m) for m in ("kws_dscnn_int8", "vww_96_int8"))],
)
def test_the_applications_ram_is_promised_to_the_word(board_name: str, model: str, trace: bool, tmp_path: Path) -> None:
    path = model_path(model) if model else MODEL
    project = built(board_name, path, trace=trace)
    measured = measure(project).ram_bytes - int(project.manifest["ram_bytes"])
    _, application = promised(tmp_path / "p", path, board_name, trace=trace)
    slack = SLACK + (VECTOR_ALIGNMENT_BYTES if core(board(board_name).core).vectors else 0)
    assert measured <= application <= measured + slack


@pytest.mark.parametrize("context", [True, False])
def test_a_network_that_just_fits_links_and_one_byte_less_is_refused(context: bool, tmp_path: Path) -> None:
    total, _ = promised(tmp_path / "p", MODEL, "netduino2-20k", trace=True)
    just = ExportOptions(board=replace(board("netduino2-20k"), ram_bytes=total), trace=True, context=context)
    export(MODEL, tmp_path / "p", just)
    build(open_project(tmp_path / "p"))
    with pytest.raises(DoesNotFitError, match=f"has {total - 1:,}"):
        export(MODEL, tmp_path / "q", replace(just, board=replace(just.board, ram_bytes=total - 1)))
    assert not (tmp_path / "q").exists()
