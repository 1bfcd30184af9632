"""`depthwise docs`: the documents, as a site on this computer."""

import os
import sys
import webbrowser

import click
from rich.markup import escape

from depthwise.host.console import out, print_json
from depthwise.host.site import INDEX, PAGES, page_names, page_path


def _known_pages(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    there = page_names() if (PAGES / f"{INDEX}.html").exists() else []
    return [name for name in there if name.startswith(begun)]


@click.command("docs")
@click.argument("page", default=INDEX, shell_complete=_known_pages)
@click.option("--no-open", is_flag=True, help="Print where it is, and open nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print where it is as JSON, and open nothing.")
def command(*, page: str, no_open: bool, as_json: bool) -> None:
    """Open the documents in a browser, at PAGE (guide/verify, or just verify), and print where they are.

    The site is a part of the installation and needs no network. In a checkout `make site` builds it.
    """
    path = page_path(page)
    opened = not (no_open or as_json) and _opened(path.as_uri())
    if as_json:
        name = path.relative_to(PAGES).with_suffix("").as_posix()
        print_json({"page": name, "path": str(path), "url": path.as_uri(), "opened": opened})
        return
    out().print(escape(str(path)), soft_wrap=True)
    if not (opened or no_open):
        out().print("there is no browser to open here: open that file in one", style="dim")


def _opened(url: str) -> bool:
    """Open a browser with a window; one of the terminal would take the terminal away."""
    windows = sys.platform in {"win32", "darwin"} or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
    return windows and webbrowser.open(url)
