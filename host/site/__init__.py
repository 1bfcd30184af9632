"""The documents as a site: HTML pages that `make site` writes into `pages/` here, and that wheels bring along."""

from difflib import get_close_matches
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import InputError, ToolError

PAGES: Final = Path(__file__).resolve().parent / "pages"
INDEX: Final = "index"
CHECKOUT: Final = "`make site` builds it in a checkout, wheels bring it; docs/README.md is the map of the same pages"


def page_names(pages: Path = PAGES) -> list[str]:
    """Names of the site's pages, as guide/verify; those of the start first. Raises ToolError where there is no site."""
    if not (pages / f"{INDEX}.html").exists():
        raise ToolError(f"the site of the documents is not in {pages.parent}", CHECKOUT)
    names = [str(path.relative_to(pages).with_suffix("").as_posix()) for path in pages.rglob("*.html")]
    return sorted((name for name in names if name != "404"), key=lambda name: ("/" in name, name))


def page_path(name: str = INDEX, pages: Path = PAGES) -> Path:
    """The file of a page: by its whole name, or by the last part of it where only one ends so.

    Raises ToolError where there is no site, InputError where there is no such page.
    """
    names = page_names(pages)
    found = [known for known in names if name in {known, known.rpartition("/")[2]}]
    if name in names or len(found) == 1:
        return pages / f"{name if name in names else found[0]}.html"
    close = found or get_close_matches(name, [*names, *(known.rpartition("/")[2] for known in names)], 5, 0.5)
    raise InputError(f"the documents have no page {name}", f"depthwise docs {close[0] if close else INDEX}")
