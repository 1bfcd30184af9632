"""`depthwise boards`: the boards this tool knows, and the serial ports of this machine."""

import click
from serial.tools import list_ports

from depthwise.codegen.boards import Board, boards
from depthwise.host.console import out, print_json, table


@click.command("boards")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(*, as_json: bool) -> None:
    """List the boards that can be exported for, and the serial ports of this machine."""
    known = list(boards().values())
    ports = [{"port": p.device, "description": p.description} for p in list_ports.comports()]
    if as_json:
        print_json({"boards": [_plain(b) for b in known], "ports": ports})
        return
    shown = table(
        "boards",
        ("name", "left"),
        ("board", "left"),
        ("core", "left"),
        ("flash", "right"),
        ("RAM", "right"),
        ("virtual", "left"),
    )
    for b in known:
        sizes = (f"{n // 1024:,} KB" if n else "" for n in (b.flash_bytes, b.ram_bytes))
        shown.add_row(b.name, b.title, b.core, *sizes, "yes" if b.virtual else "")
    out().print(shown)
    listed = "\n".join(f"  {p['port']}  {p['description']}" for p in ports)
    out().print(f"\n[bold]serial ports[/bold]\n{listed or '  none found'}")


def _plain(board: Board) -> dict[str, object]:
    keys = ("name", "title", "core", "clock_hz", "flash_bytes", "ram_bytes", "project", "virtual")
    return {key: getattr(board, key) for key in keys}
