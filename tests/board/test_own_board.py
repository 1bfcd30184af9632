"""A board of the user's own, from its template to the verdict."""

from pathlib import Path

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.project import open_project
from tests.support.commands import call
from tests.support.verified import verified


def test_a_board_like_a_virtual_one_is_built_and_verified(tmp_path: Path) -> None:
    assert call("boards", "new", "mine", "--like", "mps2-m3", "-o", tmp_path / "mine").exit_code == 0
    export(MODEL, tmp_path / "p", ExportOptions(board=board(str(tmp_path / "mine")), trace=True))
    project = open_project(tmp_path / "p")
    build(project)
    verdict = verified(project)
    assert (verdict.equal, verdict.board, verdict.tensors) == (True, "mine", 15)
