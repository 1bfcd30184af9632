"""`depthwise flash` of a MicroPython project: the module and its weights go into the board's filesystem."""

from shlex import quote

from rich.markup import escape

from depthwise.codegen.errors import InputError
from depthwise.host.console import err, out, print_json, progress
from depthwise.host.micropython.copy_module import METHOD, Copied, copy
from depthwise.host.micropython.find_board import find_board
from depthwise.host.project import Project


def copy_and_show(project: Project, port: str | None, method: str | None, tries: int, *, as_json: bool) -> None:
    """Copy and show what the board then holds. Raises InputError for any other method."""
    if method not in (None, METHOD):
        raise InputError(
            f"a MicroPython project is not flashed by {method}: that would replace MicroPython",
            f"leave --method out, it is {METHOD}",
        )
    console = err()
    with progress("copying", None, quiet=as_json) as report:
        done = copy(
            project,
            port or find_board(project.board),
            tries,
            report,
            lambda said: console.print(escape(said), style="yellow", soft_wrap=True),
        )
    following = f"depthwise verify {quote(str(project.folder))} --port {quote(str(done.port))}"
    if as_json:
        print_json({**done.as_json(), "next": following})
    else:
        _show(project, done, following)


def _show(project: Project, done: Copied, following: str) -> None:
    console = out()
    firmware = f"{done.firmware.name} {done.firmware.version}, {done.firmware.loads}"
    console.print(f"  {escape(done.firmware.machine or done.port)}: {firmware}", soft_wrap=True)
    for file in done.files:
        how = "copied, compared" if file.copied else "there already"
        console.print(f"  {escape(file.name)}  {file.bytes:9,} bytes  {how}", soft_wrap=True)
    if not done.files:
        console.print(f"  {escape(str(project.manifest['name']))} is a part of the firmware, nothing is to be copied")
    tries = f", try {done.tries}" if done.tries > 1 else ""
    console.print(f"[green]flashed[/green] {escape(done.port)} by {METHOD}{tries}", soft_wrap=True)
    console.print(f"next: {escape(following)}", soft_wrap=True)
