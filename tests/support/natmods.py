"""MicroPython projects for tests, exported and built once per run, and the unix port that imports their modules."""

import functools
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.archs import arch
from depthwise.codegen.targets.boards import bare_core
from depthwise.host.build.natmod import build_natmods
from depthwise.host.demo import MODEL, load_digits
from depthwise.host.project import Project, open_project
from depthwise.host.verify.inputs import generated_inputs
from tests.support.arrays import stacked
from tests.support.kept import scratch

MICROPYTHON: Final = Path(sys.executable).parent / "micropython"
LABELS: Final = ("null", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
FOLDER: Final = "build/x64"


@functools.cache
def exported(
    arch_name: str = "x64",
    model: Path = MODEL,
    *,
    trace: bool = False,
    schedule: str = "auto",
    labels: tuple[str, ...] = (),
    passes: PassOptions = PassOptions(),  # noqa: B008 - frozen
    canary: bool = False,
) -> Project:
    """MicroPython project of a model, in a folder of its own."""
    folder = scratch() / "project"
    board = bare_core(arch(arch_name).core)
    options = ExportOptions(
        board=board,
        name=None,
        trace=trace,
        force=False,
        passes=passes,
        schedule=schedule,
        canary=canary,
        project="micropython",
        labels=labels,
        arch=arch_name,
    )
    export(model, folder, options)
    return open_project(folder)


@functools.cache
def native(model: Path = MODEL, **options: object) -> Project:
    """Project of a model for the unix port, built."""
    project = exported("x64", model, **options)
    build_natmods(project)
    return project


def python(script: str, folder: Path, micropython: Path = MICROPYTHON) -> list[str]:
    """Lines that a script prints in MicroPython; it finds the modules of a folder."""
    (folder / "script.py").write_text(script)
    command = [str(micropython), "-X", "heapsize=4M", "script.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def in_project(project: Project, script: str) -> list[str]:
    """The same beside the project's x64 module; `m` is the module, `digest` shows scores as bytes in hexadecimal."""
    name = project.manifest["name"]
    head = f"import gc, {name} as m\ndef digest(scores): return bytes(memoryview(scores)).hex()\n"
    return python(head + script, project.folder / FOLDER)


def images(project: Project) -> Array:
    """Inputs to compare with: the demo's pictures, if it is the demo, extremes and random ones."""
    made = stacked(project.reference, generated_inputs(project.reference, 6, 3))
    return np.concatenate([load_digits().images, made]) if project.manifest["name"] == "digits" else made


def scores(project: Project, given: Array) -> list[str]:
    """The golden model's scores as `digest` shows them."""
    output = project.reference.outputs[0]
    return [run(project.reference, image[None])[output].tobytes().hex() for image in given]
