"""Exported and built projects for tests, made once per run."""

import functools
import shutil
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import Board, board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.kinds import behind
from depthwise.host.project import Project, open_project
from tests.support.kept import once

DEFAULT: Final = PassOptions()


def skip_without_tools(known: Board) -> None:
    """Skip a test, saying so, where a driver's programs are not installed: not every system has packages of them."""
    for tool in behind(known):
        if shutil.which(tool.name) is None:
            pytest.skip(f"no {tool.name} ({tool.install})")


@functools.cache
def built(board_name: str, model: Path = MODEL, *, trace: bool = True, passes: PassOptions = DEFAULT) -> Project:
    """Project of a model for a board, exported and built in a folder of its own. Copy it before you change it."""

    skip_without_tools(board(board_name))

    def make(folder: Path) -> None:
        export(model, folder / "project", ExportOptions(board=board(board_name), trace=trace, passes=passes))
        build(open_project(folder / "project"))

    return open_project(once(f"{board_name} {model} {trace} {passes}", make) / "project")
