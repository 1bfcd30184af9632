"""Builds the site of the documents into host/site/pages: `make site`. Nothing is fetched; the pages fetch nothing.

The sources are the pages of docs/ as they are (site_sources.py), and references that are made of the code: commands,
errors, the manifest's schema, Python. Zensical renders them ([ADR 27](../adr/0027-site.md)).
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from depthwise.host.site import PAGES

from .pages import DOCS, REPOSITORY
from .site_commands import commands_page
from .site_errors import errors_page
from .site_links import broken_links, foreign_addresses
from .site_manifest import manifest_page
from .site_python import python_page
from .site_sources import write_sources

BUILD: Final = REPOSITORY / "build" / "site"
OWN: Final = DOCS / "site"
SHIM: Final = re.compile(r'<script src="https://unpkg\.com/iframe-worker/shim"[^>]*></script>')
HOME: Final = re.compile(r'href="(?:\.|\./\.\.)"')  # a folder: on a disk its index has to be named
WORKER: Final = "assets/javascripts/file-worker.js"
# What the renderer writes beside pages and is of no use in a folder on a disk.
UNUSED: Final = ("sitemap.xml", "sitemap.xml.gz", "objects.inv", "404.html", "search.json")


def main() -> int:
    """Build the site and look at all its links; 1 if one leads nowhere or out onto the network by itself."""
    built = build(BUILD)
    wrong = [*broken_links(built), *foreign_addresses(built)]
    print("\n".join(wrong) or said_of(built))  # noqa: T201
    if wrong:
        return 1
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(built, PAGES)
    return 0


def said_of(built: Path) -> str:
    """How many pages and bytes there are."""
    files = [path for path in built.rglob("*") if path.is_file()]
    pages = [path for path in files if path.suffix == ".html"]
    return f"{len(pages)} pages, {sum(p.stat().st_size for p in files):,} bytes: {PAGES / 'index.html'}"


def build(folder: Path) -> Path:
    """Render the site in a folder of ours, and return the folder of its pages."""
    shutil.rmtree(folder, ignore_errors=True)
    write_sources(folder / "source", made_pages())
    _link_package(folder / "package" / "depthwise")
    shutil.copy(OWN / "zensical.toml", folder)
    for name in ("style.css", "file-worker.js"):
        (folder / "source" / "assets").mkdir(exist_ok=True)
        shutil.copy(OWN / name, folder / "source" / "assets")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", "zensical.toml"]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    if done.returncode or not (folder / "pages" / "index.html").exists():
        raise SystemExit(f"{done.stdout}\n{done.stderr}")
    _tidy(folder / "pages")
    return folder / "pages"


def made_pages() -> Mapping[str, str]:
    """Text of each page that is made of the code, by its place in the site."""
    return {
        "reference/commands.md": commands_page(),
        "reference/errors.md": errors_page(),
        "reference/manifest.md": manifest_page(),
        "reference/python-api.md": python_page(),
    }


def _link_package(place: Path) -> None:
    """The package as one folder, as wheels have it: where docstrings are read."""
    place.mkdir(parents=True)
    (place / "__init__.py").symlink_to(REPOSITORY / "host" / "package" / "__init__.py")
    for name in ("codegen", "host"):
        (place / name).symlink_to(REPOSITORY / name)


def _tidy(pages: Path) -> None:
    """Leave out what a folder on a disk has no use for; searching there is done by a script of ours."""
    for name in UNUSED:
        (pages / name).unlink(missing_ok=True)
    (pages / WORKER).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(pages / "assets" / "file-worker.js", pages / WORKER)
    for page in pages.rglob("*.html"):
        up = "../" * (len(page.relative_to(pages).parts) - 1)
        text = HOME.sub(f'href="{up}index.html"', page.read_text())
        text, found = SHIM.subn(f'<script src="{up}{WORKER}"></script>', text)
        assert found == 1, f"{page} does not load what searches a site on a disk"
        page.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
