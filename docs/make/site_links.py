"""Whether the links of a site of HTML pages lead anywhere, and whether its pages fetch anything from elsewhere."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote

# Elements whose address a browser fetches by itself; that of a link is fetched when somebody follows it.
FETCHED: Final = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}
NAMED_ONLY: Final = {"canonical", "prev", "next"}  # links that say something and fetch nothing


class _Page(HTMLParser):
    """Names of a page's places, addresses of its links, addresses that are fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element has of these."""
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if given.get("rel") not in NAMED_ONLY:
            self.fetched += [value for name, value in given.items() if (tag, name) in FETCHED]


@cache
def _read(page: Path) -> _Page:
    return _Page(page.read_text())


def broken_links(pages: Path) -> list[str]:
    """Links inside of the site that lead to no file, or to no place in a page."""
    return [line for page in sorted(pages.rglob("*.html")) for line in _broken(page, pages)]


def _broken(page: Path, pages: Path) -> Iterator[str]:
    for link in _read(page).links + _read(page).fetched:
        address, _, place = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = (page.parent / unquote(address)).resolve() if address else page
        where = f"{page.relative_to(pages)}: {link}"
        if not target.is_file():
            yield f"{where} leads to no file"
        elif place and target.suffix == ".html" and unquote(place) not in _read(target).places:
            yield f"{where} leads to no place of that page"


def foreign_addresses(pages: Path) -> list[str]:
    """What a browser would fetch from elsewhere when it shows a page, or applies a style sheet."""
    found = [
        f"{page.relative_to(pages)} fetches {address}"
        for page in sorted(pages.rglob("*.html"))
        for address in _read(page).fetched
        if re.match(r"(?:https?:)?//", address)
    ]
    for sheet in sorted(pages.rglob("*.css")):
        found += [
            f"{sheet.relative_to(pages)} fetches {a}" for a in re.findall(r"url\(\"?(https?:[^)]*)", sheet.read_text())
        ]
    return found
