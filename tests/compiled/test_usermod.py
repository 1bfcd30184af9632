"""The module as a part of the firmware: linked with a stand-in of MicroPython, it computes the golden bytes."""

import subprocess
from pathlib import Path

import pytest

from depthwise.host.build.mpy.qstrs import names_in
from depthwise.host.demo import MODEL
from depthwise.host.project import Project
from tests.support.models import model_path
from tests.support.mpy_sample import FIRMWARE, STRICT, Call, calls_text
from tests.support.mpy_sample import FOLDER as STAND_IN
from tests.support.natmods import LABELS, exported, images
from tests.support.network_calls import digits_calls, image_calls
from tests.support.places import STUBS
from tests.support.usermod import sources_of

STAND_INS = STUBS / "micropython"
SANITIZED = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def run_linked(project: Project, asked: list[Call], folder: Path) -> list[str]:
    """Lines that a program with the stand-in and the user module prints."""
    module = project.folder / f"{project.manifest['name']}_module"
    includes = [f"-I{path}" for path in (folder, module, STAND_INS, FIRMWARE / "micropython", STAND_IN)]
    flags = [*STRICT, *SANITIZED, *includes, '-DMP_CONFIGFILE="names.h"']
    (folder / "names.h").write_text("")
    text = subprocess.run(["gcc", *flags, "-E", str(module / "usermod.c")], check=True, capture_output=True, text=True)
    names = names_in([text.stdout])
    defines = [f"#define MP_QSTR_{name} {number}" for number, name in enumerate(names, 1)]
    listed = ", ".join(f'"{name}"' for name in names)
    (folder / "names.h").write_text("\n".join((*defines, f"#define NAMES {listed}", "")))
    (folder / "module.h").write_text(calls_text(b"\0", tuple(asked)))
    sources = [module / f for f in sources_of(module)]
    sources += [STAND_IN / f for f in ("main.c", "linked.c", "firmware.c", "objects.c")]
    program = folder / "program"
    subprocess.run(["gcc", *flags, *map(str, sources), "-o", str(program)], check=True)
    return subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()


def test_the_user_module_computes_the_golden_bytes_with_its_weights_in_flash(tmp_path: Path) -> None:
    project = exported("x64", trace=True, labels=LABELS)
    asked = digits_calls(project, images(project), ())
    assert run_linked(project, asked, tmp_path) == ["ready", *(call.printed for call in asked), "end"]


@pytest.mark.parametrize(
    ("model", "arch"), [("digits", "x64"), ("digits", "armv6m"), ("digits", "armv7emsp"), ("vww_96_int8", "armv7emsp")]
)
def test_kernels_of_every_architecture_compute_the_same_as_plain_c(model: str, arch: str, tmp_path: Path) -> None:
    """A user module is compiled by whatever port it becomes a part of."""
    project = exported(arch, MODEL if model == "digits" else model_path(model), trace=True)
    asked = image_calls(project, images(project)[-2:], ())
    assert run_linked(project, asked, tmp_path) == ["ready", *(call.printed for call in asked), "end"]
