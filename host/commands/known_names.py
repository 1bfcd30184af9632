"""Options and arguments whose values are known by name: a shell completes them."""

from functools import partial
from importlib import import_module
from typing import Final

import click

from depthwise.codegen.project.project_kinds import KINDS
from depthwise.codegen.targets.archs import ARCHS
from depthwise.codegen.targets.boards import boards
from depthwise.codegen.targets.cores import CORES


def board_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Boards whose names begin so."""
    return [name for name in boards() if name.startswith(begun)]


def core_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Cores whose names begin so."""
    return [name for name in CORES if name.startswith(begun)]


def kind_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Kinds of projects whose names begin so."""
    return [name for name in KINDS if name.startswith(begun)]


def arch_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """MicroPython's architectures whose names begin so."""
    return [name for name in ARCHS if name.startswith(begun)]


def port_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Serial ports of this machine whose names begin so."""
    listed = import_module("depthwise.host.flash.usb_ports").machine_ports()  # loads pyserial
    return [port.device for port in listed if port.device.startswith(begun)]


board_option: Final = partial(click.option, "-b", "--board", shell_complete=board_names)
core_option: Final = partial(click.option, "--core", shell_complete=core_names)
arch_option: Final = partial(click.option, "--arch", shell_complete=arch_names)
baud_option: Final = click.option(
    "--baud",
    type=click.IntRange(115_200, 12_000_000),
    metavar="N",
    help="Raise the serial line to this speed alone; 115200: not at all.  [the highest that works]",
)
port_option: Final = partial(click.option, "-p", "--port", shell_complete=port_names)
