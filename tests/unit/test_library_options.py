"""What the export of a library refuses."""

from pathlib import Path

from click.testing import CliRunner

from depthwise.codegen.targets.boards import bare_core
from depthwise.host.cli import main
from depthwise.host.demo import MODEL


def test_a_core_and_a_board_exclude_each_other(tmp_path: Path) -> None:
    for given in (["--core", "cortex-m4", "-b", "host"], []):
        result = CliRunner().invoke(main, ["export", str(MODEL), *given, "-o", str(tmp_path / "p")])
        assert result.exit_code == 2
        assert "either --board or --core" in result.stderr


def test_a_core_has_no_project_but_the_library(tmp_path: Path) -> None:
    given = ["export", str(MODEL), "--core", "cortex-m4", "--project", "stm32", "-o", str(tmp_path / "p")]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 2
    assert "it can be as library" in result.stderr
    assert bare_core("cortex-m4").projects == (("library", ""),)
