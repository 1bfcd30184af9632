"""Where MPY_DIR names a MicroPython tree: its tools build alike modules, its firmware computes the golden bytes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from depthwise.host.build.natmod import build_natmods
from depthwise.host.demo import MODEL
from depthwise.host.project import Project
from tests.support.models import model_path
from tests.support.mpy_tree import BOARDS, IMPORT, TREE, repl
from tests.support.natmods import exported, images, python, scores

pytestmark = pytest.mark.skipif(not (TREE / "py").is_dir(), reason="no MicroPython tree: give its folder as MPY_DIR")

RUN = """
net = m.Model({weights})
for image in inputs:
    print(bytes(memoryview(net.run(image))).hex())
"""


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """MicroPython's tools are Python programs that need what is installed here."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")


def listed(project: Project, count: int) -> str:
    return f"inputs = {[image.tobytes() for image in images(project)[:count]]!r}\n"


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("model", ["digits", "vww_96_int8"])
def test_micropythons_tools_give_a_module_that_behaves_alike(model: str) -> None:
    project = exported("x64", MODEL if model == "digits" else model_path(model), schedule="rows")
    name = project.manifest["name"]
    script = f"import {name} as m\n{listed(project, 3)}{RUN.format(weights='')}"
    for tree in (TREE, None):
        (built,) = build_natmods(project, (), tree)
        assert python(script, built.path.parent) == scores(project, images(project)[:3])


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("arch", ["armv6m", "armv7m", "armv7emsp", "rv32imc"])
def test_micropythons_linker_finds_nothing_undefined_either(arch: str) -> None:
    (built,) = build_natmods(exported(arch), (), TREE)
    assert built.module.arch == arch


@pytest.mark.parametrize("arch", BOARDS)
def test_micropython_on_qemu_computes_the_golden_bytes(arch: str) -> None:
    project = exported(arch)
    (built,) = build_natmods(project)
    with repl(arch) as transport:
        for name, path in (("data", built.path), ("weights", built.weights)):
            content = path.read_bytes()
            transport.exec(f"{name} = bytearray()")
            for start in range(0, len(content), 256):
                transport.exec(f"{name} += {content[start : start + 256]!r}")
        transport.exec(IMPORT.replace("sample", "digits"))
        transport.exec(
            f"import gc; gc.collect(); before = gc.mem_alloc(); net = m.Model(weights)\n{listed(project, 3)}"
        )
        printed = transport.exec(RUN.format(weights="weights")).decode().splitlines()
        heap = int(transport.exec("gc.collect(); print(gc.mem_alloc() - before)"))
    assert printed == scores(project, images(project)[:3])
    assert heap <= project.manifest["ram_bytes"] + 2048 + 3 * 1040  # the inputs too


@pytest.mark.usefixtures("tools")
def test_firmware_with_two_networks_built_in_computes_the_golden_bytes(tmp_path: Path) -> None:
    projects = [exported("x64", trace=True), exported("x64", model_path("vww_96_int8"))]
    for project in projects:
        name = f"{project.manifest['name']}_module"
        (tmp_path / "modules").mkdir(exist_ok=True)
        (tmp_path / "modules" / name).symlink_to(project.folder / name)
    off = [f"{o}=0" for o in ("MICROPY_PY_SSL", "MICROPY_SSL_MBEDTLS", "MICROPY_PY_BTREE", "MICROPY_PY_FFI")]
    options = ["FROZEN_MANIFEST=", f"USER_C_MODULES={tmp_path / 'modules'}", f"BUILD={tmp_path / 'build'}", *off]
    command = ["make", "-j2", "-C", str(TREE / "ports" / "unix"), *options]
    subprocess.run(["make", "-C", str(TREE / "mpy-cross")], check=True, capture_output=True)
    subprocess.run(command, check=True, capture_output=True)
    for project in projects:
        script = f"import {project.manifest['name']} as m\n{listed(project, 5)}{RUN.format(weights='')}"
        assert python(script, tmp_path, tmp_path / "build" / "micropython") == scores(project, images(project)[:5])
