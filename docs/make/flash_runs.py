"""One inference behind a flash: a project for the virtual Cortex-M4, run under the plugin m4art and verified."""

import re
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.kernels.flash import Flash
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.placement import USUAL, Placement
from depthwise.codegen.targets.boards import Board
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.models import FOLDER

from .counting import address
from .flash_settings import arguments

PARTS: Final = ("total", "cycles", "align", "istall", "dstall")


def exported(model: str, folder: Path, target: Board, placement: Placement = USUAL) -> Project:
    """A project for the virtual board."""
    options = ExportOptions(board=target, placement=placement)
    export(FOLDER / f"{model}.tflite", folder, options)
    return open_project(folder)


def waited_behind(project: Project, plugin: Path, flash: Flash) -> dict[str, int]:
    """The same behind any flash."""
    begin, end = (address(project, n) for n in (f"{project.manifest['name']}_push_row", "dw_board_cycles"))
    log = project.folder / "waited.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x},{arguments(flash)}")
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 1, seed=0))
    if not verdict.equal:
        raise ToolError(f"{project.manifest['name']} differs: {verdict.difference}")
    text = log.read_text()
    return {part: sum(map(int, re.findall(rf"\b{part}=(\d+)", text))) for part in PARTS}
