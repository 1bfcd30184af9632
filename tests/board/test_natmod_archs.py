"""`depthwise build` makes native modules for every architecture out of one project."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from depthwise.codegen.targets.archs import ARCHS
from depthwise.host.build.natmod import build_natmods
from depthwise.host.build.romfs import romfs_image
from depthwise.host.cli import main
from depthwise.host.demo import MODEL
from tests.support.models import model_path
from tests.support.natmods import LABELS, exported

BUILT = ("x64", "armv6m", "armv7m", "armv7emsp", "rv32imc", "xtensa")
MODELS = ("digits", "vww_96_int8")


@pytest.mark.parametrize("model", MODELS)
def test_a_module_is_linked_for_every_architecture_out_of_one_project(model: str) -> None:
    """Nothing is left undefined: libgcc's and libc's functions that compilers call are in runtime.c."""
    project = exported("armv7emsp", MODEL if model == "digits" else model_path(model))
    for built in build_natmods(project, BUILT):
        module = built.module
        assert (module.version, module.sub_version) == (6, 3)
        assert module.bss_bytes <= 256
        assert len(module.rodata) == 0
        assert built.path.parent == project.folder / "build" / module.arch
        assert built.project.manifest["core"] == ARCHS[module.arch].core
        files = {p.name: p.read_bytes() for p in (built.path, built.weights)}
        assert built.romfs.read_bytes() == romfs_image(files)
        assert built.weights.stat().st_size == built.project.manifest["constant_bytes"] + 48


def test_the_command_builds_what_it_is_told_and_says_what_it_takes(tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(LABELS) + "\n", encoding="utf-8")
    out, run = str(tmp_path / "p"), CliRunner()
    done = run.invoke(main, ["export", str(MODEL), "--arch", "armv7m", "--labels", str(labels), "-o", out, "--json"])
    manifest = json.loads(done.stdout)
    assert manifest["labels"] == list(LABELS)
    assert (manifest["project"], manifest["arch"], manifest["board"]) == ("micropython", "armv7m", "")
    done = run.invoke(main, ["build", out, "--arch", "armv7m", "--arch", "x64", "--json"])
    modules = json.loads(done.stdout)["modules"]
    assert [m["arch"] for m in modules] == ["armv7m", "x64"]
    assert [m["file_bytes"] for m in modules] == [Path(m["path"]).stat().st_size for m in modules]
    shown = run.invoke(main, ["build", out]).output
    assert f"{modules[0]['heap_bytes']:,} bytes for the code, {manifest['ram_bytes']:,} for a model" in shown
    assert f"mpremote cp {modules[0]['path']} {modules[0]['weights']} :" in shown
