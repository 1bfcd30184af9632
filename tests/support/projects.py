"""Exported and built projects for tests, made once per run."""

import functools
from pathlib import Path
from typing import Final

from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from tests.support.kept import once

DEFAULT: Final = PassOptions()


@functools.cache
def built(board_name: str, model: Path = MODEL, *, trace: bool = True, passes: PassOptions = DEFAULT) -> Project:
    """Project of a model for a board, exported and built in a folder of its own. Copy it before you change it."""

    def make(folder: Path) -> None:
        export(model, folder / "project", ExportOptions(board=board(board_name), trace=trace, passes=passes))
        build(open_project(folder / "project"))

    return open_project(once(f"{board_name} {model} {trace} {passes}", make) / "project")
