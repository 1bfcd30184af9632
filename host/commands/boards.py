"""`depthwise boards`: the boards this tool knows, one board in detail, and the serial ports of this machine."""

import os
from pathlib import Path
from typing import Final

import click
from rich.markup import escape
from serial.tools import list_ports

from depthwise.codegen.kernels.flash import Flash
from depthwise.codegen.project.project_kinds import kinds_of
from depthwise.codegen.targets.another_part import with_part
from depthwise.codegen.targets.boards import Board, board, boards
from depthwise.codegen.targets.flash_fields import FLASH_FIELDS, USUAL_LINE, flash_text
from depthwise.codegen.targets.own_boards import files_of, is_path, new_board
from depthwise.codegen.targets.stm32_parts import stm32_part
from depthwise.host.console import out, print_json, table
from depthwise.host.console.quoted import quoted

from .known_names import board_names

NEW: Final = "new"
HOW: Final = "depthwise boards new NEW_NAME --like BOARD [--part STM32...] [-o FOLDER]"


@click.command("boards")
@click.argument("name", required=False, shell_complete=board_names)
@click.argument("called", required=False, metavar="[NEW_NAME]")
@click.option("--like", help="With `new`: the board whose files are copied.")
@click.option("--part", help="With `new`: another STM32 in its place, by part number: STM32F411RE.")
@click.option("-o", "--out", "folder", type=click.Path(path_type=Path), help="With `new`: where to (default: ./NAME).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(
    name: str | None, called: str | None, like: str | None, part: str | None, folder: Path | None, *, as_json: bool
) -> None:
    """List the boards that can be exported for, and the serial ports of this machine; or show the board NAME.

    `depthwise boards new NEW_NAME --like BOARD` writes the folder of a board of your own: give it as -b ./NEW_NAME, or
    put it into a folder of $DEPTHWISE_BOARDS. With --part it gets another STM32 of the same family: memories, clock
    and device ID are that one's, crystal and pins those of BOARD.
    """
    if name == NEW:
        _new(called, like, part, folder, as_json=as_json)
        return
    if any(given is not None for given in (called, like, part, folder)):
        raise click.UsageError(HOW)
    ports = [{"port": p.device, "description": p.description} for p in list_ports.comports()]
    if name is not None:
        chosen = board(name)
        if as_json:
            print_json(_plain(chosen))
        else:
            _show(chosen)
    elif as_json:
        print_json({"boards": [_plain(b) for b in boards().values()], "ports": ports})
    else:
        _list(list(boards().values()))
        listed = "\n".join(f"  {p['port']}  {p['description']}" for p in ports)
        out().print(f"\n[bold]serial ports[/bold]\n{escape(listed) or '  none found'}")


def _new(name: str | None, like: str | None, part: str | None, folder: Path | None, *, as_json: bool) -> None:
    if name is None or like is None:
        raise click.UsageError(HOW)
    out_folder = folder or Path(name)
    other = board(like)
    files = files_of(other.folder)
    chip = None if part is None else stm32_part(part)
    written = new_board(name, files if chip is None else with_part(files, other, chip), out_folder)
    if as_json:
        print_json(
            {"board": name, "like": like, "part": chip and chip.name, "written": [str(path) for path in written]}
        )
        return
    where = str(out_folder) if is_path(str(out_folder)) else f".{os.sep}{out_folder}"
    out().print(f"[bold]{escape(where)}[/bold]: {', '.join(escape(p.name) for p in written)}", soft_wrap=True)
    what = "memories, clock and pins are" if chip is None else "crystal and pins are"
    out().print(f"{what} those of the other board: change them where yours differ", soft_wrap=True)
    out().print(f"next: depthwise export MODEL -b {quoted(where)} -o project --trace", soft_wrap=True)


def _list(known: list[Board]) -> None:
    shown = table(
        "boards",
        ("name", "name"),
        ("core", "name"),
        ("flash", "right"),
        ("RAM", "right"),
        ("virtual", "left"),
        ("projects", "left"),
    )
    for b in known:
        kinds = ", ".join(kind for kind, _ in b.projects)
        shown.add_row(b.name, b.core, *_sizes(b), "yes" if b.virtual else "", kinds)
    out().print(shown)
    out().print("\n`depthwise boards NAME` shows one board: chip, how it is flashed, what it is called elsewhere")


def _show(chosen: Board) -> None:
    rows = table(chosen.title, ("", "left"), ("", "left"))
    rows.show_header = False
    flash, ram = _sizes(chosen)
    rows.add_row("core", f"{chosen.core}, {chosen.clock_hz / 1e6:g} MHz")
    if chosen.ram_bytes:
        rows.add_row(
            "memory", f"{flash} of flash, {ram} of RAM, of which {chosen.stack_bytes:,} bytes are for the stack"
        )
    rows.add_row("flash", flash_text(chosen.flash) if _has_flash(chosen) else "no wait states")
    exported = [(kind, dict(chosen.projects).get(kind, "")) for kind in kinds_of(chosen)]
    for title, pairs in (("export --project", exported), ("flash --method", chosen.flashing)):
        for key, value in pairs:
            rows.add_row(title, f"{key} ({value})" if value else key)
            title = ""  # noqa: PLW2901 - said once
    rows.add_row("USB ids", ", ".join(chosen.usb) or "none known")
    rows.add_row("virtual", "yes: depthwise verify --virtual" if chosen.virtual else "no")
    out().print(rows)
    out().print(f"next: depthwise export MODEL -b {chosen.name} -o project --trace")


def _has_flash(chosen: Board) -> bool:
    """Tell whether anything is known of what stands between core and flash."""
    return chosen.flash != Flash(line=USUAL_LINE)


def _sizes(chosen: Board) -> tuple[str, str]:
    flash, ram = (f"{n // 1024:,} KB" if n else "" for n in (chosen.flash_bytes, chosen.ram_bytes))
    return flash, ram


def _plain(chosen: Board) -> dict[str, object]:
    keys = ("name", "title", "core", "clock_hz", "flash_bytes", "ram_bytes", "project", "virtual", "usb")
    tables = {"projects": dict(chosen.projects), "flashing": dict(chosen.flashing)}
    tables["from_flash"] = {name: getattr(chosen, name) for name in FLASH_FIELDS}
    return {**{key: getattr(chosen, key) for key in keys}, **tables}
