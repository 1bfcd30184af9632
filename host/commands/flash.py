"""`depthwise flash`: puts a built project into the flash memory of its board."""

from pathlib import Path
from shlex import quote

import click
from rich.markup import escape

from depthwise.host.console import err, out, print_json, progress
from depthwise.host.flash.flash_method import Job
from depthwise.host.flash.flashing import Flashed, flash
from depthwise.host.flash.methods import METHODS, choose
from depthwise.host.flash.payload import payload
from depthwise.host.flash.programs import Programs
from depthwise.host.micropython.copy_module import METHOD
from depthwise.host.project import open_project

from .flash_micropython import copy_and_show
from .known_names import port_option

TRIES = 3
NAMES = sorted((*METHODS, METHOD))


@click.command("flash")
@click.argument("folder", type=click.Path(path_type=Path))
@port_option(help="Serial port of the board: /dev/ttyUSB0, socket://…, rfc2217://…")
@click.option(
    "-m", "--method", type=click.Choice(sorted((*METHODS, METHOD))), help="How, instead of the first that is possible."
)
@click.option("--tries", default=TRIES, show_default=True, type=click.IntRange(1), help="Tries before giving up.")
@click.option("--any-chip", is_flag=True, help="STM32: flash even a chip that says it is another one than the board's.")
@click.option("-v", "--verbose", is_flag=True, help="Show every line of the flashing program.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(
    *, folder: Path, port: str | None, method: str | None, tries: int, any_chip: bool, verbose: bool, as_json: bool
) -> None:
    """Flash the built project in FOLDER, and compare what the board then holds.

    Without --method: the first way board.toml lists whose program, drive and port are there. When the cable goes
    half-way, the same command again finishes the job. Of a MicroPython project the module and its weights are copied to
    the board's filesystem (method mpremote).
    """
    console = err()
    project = open_project(folder)
    if project.kind.detached:
        copy_and_show(project, port, method, tries, as_json=as_json)
        return
    content = payload(folder, project.kind, project.board)
    programs = Programs(echo=(lambda line: console.print(escape(line), style="dim")) if verbose else lambda _: None)
    choice = choose(project.board, programs, method, port)
    title = f"flashing {project.board.name} by {choice.name}"
    with progress(title, content.total_bytes, quiet=as_json) as report:
        job = Job(project.board, content, port=choice.port, report=report, programs=programs, any_chip=any_chip)
        done = flash(job, choice, tries, lambda said: console.print(escape(said), style="yellow", soft_wrap=True))
    following = next_step(folder, done)
    if as_json:
        print_json({**done.as_json(), "next": following})
    else:
        show(done, following)


def show(done: Flashed, following: str) -> None:
    """Print what was flashed, and what comes next."""
    console = out()
    for address, name, size in done.parts:
        console.print(f"  {address:#010x}  {size:9,} bytes  {escape(name)}", soft_wrap=True)
    where = f" at {done.port}" if done.port else ""
    how = "compared with the board's flash" if done.checked else "taken by the board's drive"
    tries = f", try {done.tries}" if done.tries > 1 else ""
    console.print(f"[green]flashed[/green] {done.board} by {done.method}{escape(where)}{tries}: {how}", soft_wrap=True)
    if not done.started:
        console.print("press reset to start it")
    console.print(f"next: {escape(following)}", soft_wrap=True)


def next_step(folder: Path, done: Flashed) -> str:
    """The command that comes after flashing."""
    port = f" --port {quote(done.port)}" if done.port else ""
    return f"depthwise verify {quote(str(folder))}{port}"
