"""Options that name a board or a core: a shell completes them."""

from functools import partial
from typing import Final

import click

from depthwise.codegen.targets.boards import boards
from depthwise.codegen.targets.cores import CORES


def board_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Boards whose names begin so."""
    return [name for name in boards() if name.startswith(begun)]


def core_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Cores whose names begin so."""
    return [name for name in CORES if name.startswith(begun)]


board_option: Final = partial(click.option, "-b", "--board", shell_complete=board_names)
core_option: Final = partial(click.option, "--core", shell_complete=core_names)
