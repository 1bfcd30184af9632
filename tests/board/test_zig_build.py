"""Without any cross gcc, ziglang compiles and links: firmware that runs on QEMU, libraries, modules of MicroPython."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.targets.boards import bare_core, board
from depthwise.host.build import build
from depthwise.host.build.natmod import build_natmods
from depthwise.host.compilers import stand_in
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from tests.support.commands import call
from tests.support.mpy_sample import run_module
from tests.support.natmods import LABELS, exported, images
from tests.support.network_calls import digits_calls, weights_of
from tests.support.verified import verified

pytest.importorskip("ziglang")
KEPT: Final = ("make", "sh", "mkdir", "cmake")


@contextmanager
def without_gcc(folder: Path) -> Iterator[None]:
    """PATH holds what builds need beside compilers, and nothing else."""
    folder.mkdir()
    for program in KEPT:
        found = shutil.which(program)
        assert found is not None
        (folder / program).symlink_to(found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder))
        yield


def built(board_name: str, folder: Path) -> Project:
    placed = Placement(ram_code=board_name == "mps2-m4")
    export(MODEL, folder / "p", ExportOptions(board=board(board_name), trace=True, placement=placed))
    project = open_project(folder / "p")
    with without_gcc(folder / "bin"):
        build(project)
    return project


@pytest.mark.parametrize("board_name", ["mps2-m4", "rv32-virt"])
def test_firmware_of_ziglang_computes_every_byte(board_name: str, tmp_path: Path) -> None:
    verdict = verified(built(board_name, tmp_path))
    assert (verdict.equal, verdict.tensors) == (True, 15)


def test_a_library_is_compiled_and_archived(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "p", ExportOptions(board=bare_core("cortex-m33"), project="library"))
    with without_gcc(tmp_path / "bin"):
        sizes = build(open_project(tmp_path / "p"))
    assert sizes.flash_bytes > 20_000


@pytest.mark.parametrize("arch", ["armv6m", "armv7emsp", "rv32imc"])
def test_modules_of_ziglang_compute_every_byte(arch: str, tmp_path: Path) -> None:
    project = exported(arch, trace=True, labels=LABELS)
    given = images(project)
    asked = digits_calls(project, np.concatenate([given[:3], given[-2:]]), (weights_of(project),))
    with without_gcc(tmp_path / "bin"):
        (made,) = build_natmods(project)
    printed = run_module(made.path.read_bytes(), arch, project.folder, tuple(asked))
    assert printed == ["ready", *(call.printed for call in asked), "end"]


def test_an_image_that_is_too_large_is_refused_as_by_gcc(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "p", ExportOptions(board=board("mps2-m4"), trace=True))
    made = (tmp_path / "p" / "Makefile").read_text()
    (tmp_path / "p" / "Makefile").write_text(made.replace("dw_flash_bytes=4194304", "dw_flash_bytes=16384"))
    with without_gcc(tmp_path / "bin"):
        result = call("build", tmp_path / "p")
    assert result.exit_code == 2
    assert "bytes too long for the FLASH of mps2-m4" in " ".join(result.stderr.split())


def test_without_ziglang_the_commands_that_mend_it_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stand_in("arm-none-eabi-", lambda _: None, lambda _: False) is None
    assert stand_in("xtensa-lx106-elf-", lambda _: None, lambda _: True) is None
    export(MODEL, tmp_path / "p", ExportOptions(board=board("mps2-m4")))
    for user in ("make", "build_recipe"):
        monkeypatch.setattr(f"depthwise.host.kinds.{user}.stand_in", lambda _: None)
    with without_gcc(tmp_path / "bin"):
        result = call("build", tmp_path / "p")
    assert result.exit_code == 2
    assert "pip install 'depthwise[build]'" in " ".join(result.stderr.split())
