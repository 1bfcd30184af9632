"""`depthwise chip`: the emulated chip of a board behind a serial URL, for those without the board."""

import signal
import threading

import click
from rich.markup import escape

from depthwise.codegen.targets.boards import Board, board
from depthwise.host.console import out, print_json
from depthwise.host.emulate.chips.board_chip import emulated_chip, machine_of
from depthwise.host.emulate.chips.served_chip import served

from .known_names import board_names


@click.command("chip")
@click.argument("board_name", metavar="BOARD", shell_complete=board_names)
@click.option("--port", default=0, help="TCP port to listen on; any free one unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print the URL as JSON.")
def command(board_name: str, port: int, *, as_json: bool) -> None:
    """Serve the emulated chip of BOARD, erased and in its boot loader, until Ctrl-C.

    The real esptool and stm32loader flash it as they flash the board. An STM32 with a virtual twin then runs what
    was flashed on QEMU, behind the same URL.
    """
    chosen = board(board_name)
    chip = emulated_chip(chosen)
    machine = machine_of(chosen, chip)
    with served(chip, port, machine=machine) as place:
        if as_json:
            print_json({"board": chosen.name, "url": place.url, "runs_firmware": machine is not None})
        else:
            _show(chosen, place.url, runs=machine is not None)
        _until_told()


def _until_told() -> None:
    """Wait for Ctrl-C, or for a polite request to end: the emulator has to end too."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    told.wait()


def _show(chosen: Board, url: str, *, runs: bool) -> None:
    console = out()
    console.print(f"{chosen.title}, erased and in its boot loader, at [bold]{escape(url)}[/bold]; Ctrl-C ends it")
    console.print("next, in another terminal:")
    kind = chosen.projects[0][0]
    console.print(f"  depthwise export MODEL -b {chosen.name} -o PROJECT --trace", soft_wrap=True)
    console.print(f"  depthwise build PROJECT                       # a project of kind {kind}", soft_wrap=True)
    console.print(f"  depthwise flash PROJECT --port {url}", soft_wrap=True)
    if runs:
        console.print(f"  depthwise verify PROJECT --port {url}", soft_wrap=True)
    else:
        console.print("this chip is emulated as far as flashing goes: nothing here runs its firmware", soft_wrap=True)
