"""The pages of docs/ as the renderer of the site takes them: reused as they are, links led to where they lie there."""

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from .pages import REPOSITORY

LINK: Final = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")
PICTURE: Final = re.compile(r"^!\[([^\]]*)\]\(([^)\s]+\.svg)\)$")
# Code, and links, whose brackets mean something; all other brackets are text.
BRACKET: Final = re.compile(r"(`[^`]*`|\[(?:[^\[\]]|\[[^\]]*\])*\]\([^)]*\))|([\[\]])")
STYLE: Final = re.compile(r"<style.*?</style>", re.DOTALL)
LIST: Final = re.compile(r"(?:[-*]|\d+\.) ")
FENCE: Final = "```"
# Documents that lie elsewhere in the repository, and pages by another name.
PLACES: Final = {
    "docs/README.md": "all.md",
    "README.md": "index.md",
    "CHANGELOG.md": "about/changelog.md",
    "CONTRIBUTING.md": "about/contributing.md",
    "SECURITY.md": "about/security.md",
}
SHIPPED: Final = ("*.md", "*.png", "*.svg", "*.json", "sample/*.[ch]")
LEFT_OUT: Final = ("docs/results/*.json", "docs/site/*")


def repository_url() -> str:
    """Where the repository is on the web: pyproject.toml says so."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    return str(project["urls"]["Repository"])


def site_places() -> dict[Path, str]:
    """Files of the repository that are part of the site, and where they lie there; README's place is that of index."""
    patterns = [f"docs/{pattern}" for pattern in SHIPPED]
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns, *PLACES]
    listed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout.splitlines()
    paths = [REPOSITORY / name for name in listed if not any(Path(name).match(p) for p in LEFT_OUT)]
    return {path: _place(path) for path in paths if path.exists()}


def _place(path: Path) -> str:
    name = path.relative_to(REPOSITORY).as_posix()
    return PLACES.get(name, name.removeprefix("docs/"))


def write_sources(folder: Path, made: Mapping[str, str]) -> None:
    """Write the sources of the site into a folder: files of docs/, and pages that were made, by their places."""
    places, url = site_places(), repository_url()
    for path, place in places.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md" and path != REPOSITORY / "README.md":
            target.write_text(for_site(path, places, url))
        elif path.suffix != ".md":
            shutil.copy(path, target)
    for place, text in made.items():
        (folder / place).write_text(text)


def for_site(page: Path, places: Mapping[Path, str], url: str) -> str:
    """The text of a page in the site."""

    def led(match: re.Match[str]) -> str:
        link, anchor, heading = match[1].partition("#")
        if not link or re.match(r"[a-z]+:", link):
            return match[1]
        path = (page.parent / link).resolve()
        if path in places:
            return os.path.relpath(places[path], Path(places[page]).parent) + anchor + heading
        return f"{url}/blob/main/{path.relative_to(REPOSITORY).as_posix()}{anchor}{heading}"

    def shown(line: str) -> str:
        return _drawn(line, page) if PICTURE.match(line) else BRACKET.sub(_plain, LINK.sub(led, line))

    lines = [shown(line) if prose else line for line, prose in _lines(page.read_text())]
    return "\n".join(_parted(lines)) + "\n"


def _plain(match: re.Match[str]) -> str:
    return match[1] or f"\\{match[2]}"


def _drawn(line: str, page: Path) -> str:
    """A line that shows a drawing of ours holds the drawing itself, in the colours of the site."""
    match = PICTURE.match(line)
    assert match is not None
    svg = STYLE.sub("", (page.parent / match[2]).read_text())
    return f'<div class="picture">{" ".join(svg.split())}</div>'


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Lines, and whether each is prose and not code."""
    inside = False
    for line in text.splitlines():
        fence = line.lstrip().startswith(FENCE)
        yield line, not (inside or fence)
        inside ^= fence


def _parted(lines: list[str]) -> Iterator[str]:
    """Lines with an empty one ahead of each list, table and block of code, where the renderer needs it."""
    before, inside = "", False
    for line in lines:
        fence = line.startswith(FENCE)
        if not inside and before.strip() and _begins(line, before):
            yield ""
        inside ^= fence
        yield line
        before = "" if fence and not inside else line


def _begins(line: str, before: str) -> bool:
    if LIST.match(line):
        return not (LIST.match(before) or before.startswith(" "))
    if line.startswith("|"):
        return not before.startswith("|")
    return line.startswith(FENCE)
