"""Architectures and labels of a MicroPython project, and what is refused."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from depthwise.codegen.errors import InputError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.archs import ARCHS
from depthwise.codegen.targets.boards import bare_core, board
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS as LINKED
from depthwise.host.build.natmod import build_natmods
from depthwise.host.cli import main
from depthwise.host.demo import MODEL
from tests.support.natmods import exported


def test_an_architecture_is_for_micropython_alone(tmp_path: Path) -> None:
    out, run = str(tmp_path / "p"), CliRunner()
    assert run.invoke(main, ["export", str(MODEL), "--core", "cortex-m4", "-o", out]).exit_code == 0
    assert "--arch is for a MicroPython project" in run.invoke(main, ["build", out, "--arch", "armv7m"]).output
    assert "give either --board or --core" in run.invoke(main, ["export", str(MODEL), "-o", out]).output


def test_a_folder_that_is_no_checkout_of_micropython_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no checkout of MicroPython"):
        build_natmods(exported("x64", trace=True), (), tmp_path)


def test_both_tables_of_architectures_agree() -> None:
    assert set(ARCHS) == set(LINKED)


def test_labels_have_to_be_as_many_as_scores(tmp_path: Path) -> None:
    options = ExportOptions(board=bare_core("host"), project="micropython", labels=("a", "b"))
    with pytest.raises(InputError, match="there are 2 labels, digits has 10 scores"):
        export(MODEL, tmp_path / "p", options)


def test_other_kinds_of_project_have_no_architecture(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a project of kind bare has no architecture"):
        export(MODEL, tmp_path / "p", ExportOptions(board=board("microbit"), arch="armv6m"))


def test_an_unknown_architecture_is_told_the_nearest_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no MicroPython architecture is called 'armv7m3'") as caught:
        export(MODEL, tmp_path / "p", ExportOptions(board=bare_core("host"), project="micropython", arch="armv7m3"))
    assert "armv7m" in caught.value.hint


def test_a_board_is_exported_for_the_architecture_of_its_core(tmp_path: Path) -> None:
    for name, expected in (("microbit", "armv6m"), ("netduinoplus2", "armv7emsp"), ("mps3-m55", "armv7emsp")):
        manifest = export(MODEL, tmp_path / name, ExportOptions(board=board(name), project="micropython"))
        assert manifest["arch"] == expected
        assert manifest["core"] == ARCHS[expected].core


def test_an_architecture_that_the_board_does_not_load_is_refused(tmp_path: Path) -> None:
    refused = r"microbit has a cortex-m0: MicroPython loads modules for armv6m there, not for armv7emsp"
    with pytest.raises(InputError, match=refused):
        export(MODEL, tmp_path / "p", ExportOptions(board=board("microbit"), project="micropython", arch="armv7emsp"))
    options = ExportOptions(board=board("netduinoplus2"), project="micropython", arch="armv6m")
    assert export(MODEL, tmp_path / "q", options)["core"] == "cortex-m0plus"
