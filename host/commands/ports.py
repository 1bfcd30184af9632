"""`depthwise ports`: the serial ports of this machine, and which boards may be at each."""

from typing import Any

import click
from rich.markup import escape

from depthwise.host.console import out, print_json, table
from depthwise.host.flash.guessed_boards import guessed_boards
from depthwise.host.flash.usb_ports import SerialPort, machine_ports

SHOWN = 3


@click.command("ports")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(*, as_json: bool) -> None:
    """List the serial ports of this machine with the boards that may be at them, by their USB numbers."""
    found = [(port, guessed_boards(port)) for port in machine_ports()]
    if as_json:
        print_json({"ports": [_plain(port, boards) for port, boards in found]})
        return
    if not found:
        out().print("no serial port: plug the board in with a cable that carries data")
        return
    rows = table("serial ports", ("port", "name"), ("USB", "name"), ("description", "left"), ("perhaps", "left"))
    for port, boards in found:
        more = f" and {len(boards) - SHOWN} more" if len(boards) > SHOWN else ""
        rows.add_row(escape(port.device), port.usb, escape(port.description), ", ".join(boards[:SHOWN]) + more)
    out().print(rows)
    out().print("next: depthwise flash PROJECT --port PORT, depthwise verify PROJECT --port PORT", soft_wrap=True)


def _plain(port: SerialPort, boards: tuple[str, ...]) -> dict[str, Any]:
    return {"port": port.device, "description": port.description, "usb": port.usb or None, "boards": list(boards)}
