"""Flash of networks of one layer on the Cortex-M4: code and constants of ours, and of CMSIS-NN's function for it.

Ours is the object file of the network alone. Theirs is what a firmware grows by when it calls the layer, linked without
what nothing calls; inputs that lie in flash for the measurement are no part of it.
"""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.host.project import Project, open_project
from tests.support.core_program import add_headers, emptied_project
from tests.support.programs import Case

from .cmsis_nn import WrittenLayer, main_of, their_project
from .operator_counts import BOARD

MAIN: Final = "int main(void)\n{\n    for (;;) {\n    }\n}\n"


def flash_of(cases: Sequence[Case], folder: Path) -> list[int]:
    """Bytes of code and constants of each case's network, built in a project in `folder`."""
    emptied_project(BOARD, folder)
    network = folder / "network"
    add_headers(network)
    for case in cases:
        view = network_view(case.plan, Source("model.tflite", "0" * 64), name=case.name, trace=False, core=case.core)
        for file, text in render_network(view).items():
            (network / file).write_text(text)
    (folder / "app" / "main.c").write_text(MAIN)
    built(folder)
    project = open_project(folder)
    return [constant_bytes(project, folder / "build" / "network" / f"{case.name}.o") for case in cases]


def built(folder: Path) -> None:
    """Run make in a project."""
    subprocess.run(["make", "--silent", "-j2", "-C", str(folder)], check=True, capture_output=True)


def constant_bytes(project: Project, file: Path) -> int:
    """Bytes of code and constants in an object file or an image."""
    told = subprocess.run(
        [f"{project.board.toolchain}size", "-A", str(file)], check=True, capture_output=True, text=True
    ).stdout
    return sum(map(int, re.findall(r"^\.(?:text|rodata|isr_vector)\S* +(\d+)", told, flags=re.MULTILINE)))


def their_flash(layers: Sequence[Sequence[WrittenLayer]], folder: Path) -> list[int]:
    """Bytes that a firmware of CMSIS-NN grows by for each network's layers, in a project in `folder`."""
    project = their_project(folder, main_of([]))
    empty = constant_bytes(project, project.firmware)
    found = []
    for written in layers:
        (folder / "app" / "main.c").write_text(main_of(written))
        built(folder)
        given = sum(one.input_bytes for one in written)
        found.append(constant_bytes(project, project.firmware) - empty - given)
    return found
