"""`depthwise doctor`: what this machine has for the tool, and the command that mends what it lacks."""

import platform

import click
from rich.markup import escape

from depthwise.codegen.version import VERSION
from depthwise.host.console import out, print_json, table
from depthwise.host.doctor import Finding, check_up

MARKS = {"ok": "[green]ok[/green]", "missing": "[yellow]missing[/yellow]", "broken": "[red]broken[/red]"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(*, as_json: bool) -> None:
    """Look for compilers, emulators, flashing programs, extras and ports; say what mends what is missing.

    Nothing is started and no port is opened. What is missing is needed only for what is named beside it.
    """
    found = check_up()
    system = {"version": VERSION, "python": platform.python_version(), "system": platform.platform()}
    if as_json:
        print_json({**system, "findings": [f.as_json() for f in found]})
        return
    out().print(f"depthwise {VERSION}, Python {system['python']}, {system['system']}", soft_wrap=True)
    _show(found)


def _show(found: tuple[Finding, ...]) -> None:
    rows = table("this machine", ("", "name"), ("", "name"), ("needed for", "left"))
    for finding in found:
        rows.add_row(MARKS[finding.state.value], escape(finding.name), escape(_about(finding)))
    out().print(rows)
    lacking = {f.mend: f for f in found if f.mend}
    if lacking:
        out().print("\n[bold]what mends it[/bold]")
    for mend, finding in lacking.items():
        out().print(f"  {escape(finding.name)}: {escape(mend)}", soft_wrap=True)


def _about(finding: Finding) -> str:
    return finding.detail if finding.group in {"port", "probe"} else finding.needed_for
