"""A core without a board is enough for a library, by the real CMake."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from depthwise.codegen.targets.cores import CORES
from depthwise.host.cli import main
from depthwise.host.demo import MODEL
from depthwise.host.project import open_project


@pytest.mark.parametrize("name", [c for c in CORES if not c.startswith("xtensa")])
def test_a_core_is_enough_for_a_library(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    exported = ["export", str(MODEL), "--project", "library", "--core", name, "-o", str(folder)]
    assert CliRunner().invoke(main, exported, catch_exceptions=False).exit_code == 0
    result = CliRunner().invoke(main, ["build", str(folder), "--json"], catch_exceptions=False)
    sizes = json.loads(result.stdout)
    assert sizes["library_ram_bytes"] == open_project(folder).manifest["ram_bytes"]
    assert sizes["firmware"].endswith("build/libdigits.a")
    assert not (folder / "build" / "digits_example").exists() or name == "host"
