"""Flash of networks of one layer on the Cortex-M4: code and constants of ours, and of CMSIS-NN's function for it.

Each is what one and the same firmware grows by when it calls the network, or the layer, instead of doing nothing,
linked without what nothing calls; inputs that lie in flash for the measurement are no part of it.
"""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.emit.views import NetworkView
from depthwise.host.project import Project, open_project
from tests.support.core_program import MAIN, add_headers, emptied_project
from tests.support.programs import Case

from .cmsis_nn import CALL, HEAD, HEADER, WrittenLayer, empty_main, main_of, their_project
from .operator_counts import BOARD

# Functions and data of a network by which inputs go in, steps follow one another and outputs come out.
FEEDING: Final = (
    r"{name}_(?:begin|reset|wants|push_row|scores|run|advance|order|get_\w+)(?:\.\w+)*|row_bytes\.\d+|layer0"
)
FUNCTION: Final = """{data}static __attribute__((noinline)) int layer0(int32_t bytes, int32_t more_bytes)
{{
    (void)bytes;
    (void)more_bytes;
{calls}    return 0;
}}
"""


@dataclass(frozen=True, slots=True)
class NetworkFlash:
    """Bytes of a network, and without what feeds it and walks through its steps."""

    whole: int
    alone: int


def flash_of(cases: Sequence[Case], folder: Path) -> list[NetworkFlash]:
    """Bytes that a firmware grows by for each case's network, in a project in `folder`."""
    cases = [replace(case, name=f"net{number}") for number, case in enumerate(cases)]
    emptied_project(BOARD, folder)
    add_headers(folder / "network")
    views = [_written(case, folder / "network") for case in cases]
    main = folder / "app" / "main.c"
    main.write_text(empty_main("board.h"))
    built(folder)
    project = open_project(folder)
    empty = constant_bytes(project, project.firmware)
    found = []
    for case, view in zip(cases, views, strict=True):
        main.write_text(_main(case, view))
        built(folder)
        grown = constant_bytes(project, project.firmware) - empty - len(case.given(0))
        found.append(NetworkFlash(grown, grown - _feeding_bytes(project, case.name)))
    return found


def _written(case: Case, folder: Path) -> NetworkView:
    view = network_view(case.plan, Source("model.tflite", "0" * 64), name=case.name, trace=False, core=case.core)
    for file, text in render_network(view).items():
        (folder / file).write_text(text)
    return view


def _main(case: Case, view: NetworkView) -> str:
    """C of a program that runs a network as an application does: reset where it remembers, and run."""
    text = ", ".join(map(str, np.frombuffer(case.given(0), np.int8).tolist()))
    data = f"static const int8_t given[] __attribute__((aligned(8))) = {{ {text} }};\n"
    if view.image_form:
        calls = f"{case.name}_run(given, out);\n"
    else:
        members = ", ".join(f".{port.name} = given + {port.first}" for port in view.inputs)
        data += f"static struct {case.name}_outputs outputs;\n"
        calls = f"{case.name}_run(&(const struct {case.name}_inputs){{ {members} }}, &outputs);\n"
    if view.states:
        calls = f"{case.name}_reset();\n{calls}"
    call = CALL.format(number=0, bytes=0, scratch=0, more=0)
    head = HEAD.format(header=f"{case.name}.h", largest=view.output_bytes)
    return head + FUNCTION.format(data=data, calls=calls) + MAIN.format(calls=call)


def built(folder: Path) -> None:
    """Run make in a project."""
    subprocess.run(["make", "--silent", "-j2", "-C", str(folder)], check=True, capture_output=True)


def constant_bytes(project: Project, file: Path) -> int:
    """Bytes of code and constants in an image."""
    told = _told(project, "size", "-A", file)
    return sum(map(int, re.findall(r"^\.(?:text|rodata|isr_vector)\S* +(\d+)", told, flags=re.MULTILINE)))


def _feeding_bytes(project: Project, name: str) -> int:
    told = _told(project, "nm", "-S", project.firmware)
    names = FEEDING.format(name=name)
    return sum(int(size, 16) for size in re.findall(rf"^\w+ (\w+) [tTrR] (?:{names})$", told, flags=re.MULTILINE))


def _told(project: Project, tool: str, option: str, file: Path) -> str:
    command = [f"{project.board.toolchain}{tool}", option, str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def their_flash(layers: Sequence[Sequence[WrittenLayer]], folder: Path) -> list[int]:
    """Bytes that a firmware of CMSIS-NN grows by for each network's layers, 0 where there are none, as `flash_of`."""
    project = their_project(folder, empty_main(HEADER))
    empty = constant_bytes(project, project.firmware)
    found = []
    for written in layers:
        if not written:
            found.append(0)
            continue
        (folder / "app" / "main.c").write_text(main_of(written))
        built(folder)
        given = sum(one.input_bytes for one in written)
        found.append(constant_bytes(project, project.firmware) - empty - given)
    return found
