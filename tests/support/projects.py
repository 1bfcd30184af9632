"""Exported and built projects for tests, made once per run."""

import functools
import tempfile
from pathlib import Path
from typing import Final

from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project

DEFAULT: Final = PassOptions()


@functools.cache
def built(board_name: str, model: Path = MODEL, *, trace: bool = True, passes: PassOptions = DEFAULT) -> Project:
    """Project of a model for a board, exported and built in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="depthwise-test-")) / "project"
    export(model, folder, ExportOptions(board=board(board_name), trace=trace, passes=passes))
    project = open_project(folder)
    build(project)
    return project
