"""Writes docs/reference/modules.md, and the table of imports of docs/architecture.md once its changes are accepted.

`make map`. A folder that imports another one for the first time is a decision: `python -m docs.make.architecture
--accept` writes it into the table, where it is seen in review. A test holds both pages to the sources.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .imports import Edges, folder_edges, folder_of, ordered, tree_of
from .pages import DOCS

ROOT: Final = DOCS.parent
PAGE: Final = DOCS / "architecture.md"
MODULES: Final = DOCS / "reference" / "modules.md"
TOPS: Final = ("codegen", "host")
BEGIN, END = "<!-- imports: begin -->\n", "<!-- imports: end -->\n"
ITSELF: Final = "top"
HEAD: Final = """# Modules

Every file of `codegen/` and `host/` in a sentence: its own first line. How they hang together:
[architecture.md](../architecture.md). Made by `make map`.
"""


def main() -> int:
    """Write the pages; 1 if the sources have imports that the table lacks, or lack some that it has."""
    MODULES.write_text(modules_page())
    page, real = PAGE.read_text(), folder_edges(ROOT, TOPS)
    if "--accept" in sys.argv[1:]:
        PAGE.write_text(with_table(page, real))
    changes = differences(edges_of(page), real)
    print("\n".join(changes) or "the table of imports is that of the sources")  # noqa: T201
    return 1 if changes and "--accept" not in sys.argv[1:] else 0


def modules_page() -> str:
    """The text of docs/reference/modules.md."""
    files = [path for top in TOPS for path in sorted((ROOT / top).rglob("*.py"))]
    return HEAD + "".join(map(_folder, dict.fromkeys(folder_of(path.relative_to(ROOT)) for path in files)))


def _folder(folder: str) -> str:
    inside = (ROOT / folder).glob("*.py") if folder in TOPS else (ROOT / folder).rglob("*.py")
    own, *files = sorted(inside, key=lambda p: (p.parent, p.name))
    return f"\n## {folder}\n{first_line(own)}\n\n{''.join(_line(p, ROOT / folder) for p in files)}"


def _line(path: Path, folder: Path) -> str:
    short = str(path.relative_to(folder).with_suffix("")).removesuffix("/__init__")
    return f"- [{short}](../../{path.relative_to(ROOT)}): {first_line(path)}\n"


def first_line(path: Path) -> str:
    """First line of a file's docstring."""
    return (ast.get_docstring(tree_of(path)) or "").partition("\n")[0]


def with_table(page: str, edges: Edges) -> str:
    """The page with the table of these imports."""
    head, _, rest = page.partition(BEGIN)
    return head + BEGIN + table(edges) + END + rest.partition(END)[2]


def table(edges: Edges) -> str:
    """Folders from the ground up, those of codegen first, each with what it imports of either."""
    order = sorted(ordered(edges), key=lambda folder: TOPS.index(folder.split("/")[0]))
    head = f"| folder | {' | '.join(f'of {top}' for top in TOPS)} |\n|{'---|' * (len(TOPS) + 1)}\n"
    return head + "".join(f"| `{f}` | {' | '.join(_cell(f, top, edges, order) for top in TOPS)} |\n" for f in order)


def _cell(folder: str, top: str, edges: Edges, order: list[str]) -> str:
    inside = [f for f in order if f in edges[folder] and f.split("/")[0] == top]
    return ", ".join(f.removeprefix(f"{top}/") if f != top else ITSELF for f in inside)


def edges_of(page: str) -> dict[str, frozenset[str]]:
    """The imports that the table of a page allows."""
    text = page.partition(BEGIN)[2].partition(END)[0]
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]
    return {folder: frozenset(_named(cells)) for folder, *cells in rows}


def _named(cells: list[str]) -> Iterator[str]:
    for top, cell in zip(TOPS, cells, strict=True):
        yield from (top if name == ITSELF else f"{top}/{name}" for name in filter(None, cell.split(", ")))


def differences(allowed: Edges, real: Edges) -> list[str]:
    """What the sources import and the table does not allow, and the other way round."""
    before, now = _pairs(allowed), _pairs(real)
    new = [f"new: {folder} imports {there}" for folder, there in sorted(now - before)]
    gone = [f"gone: {folder} imports {there} no longer" for folder, there in sorted(before - now)]
    return [*new, *gone, *(f"{folder} is not in both" for folder in sorted(set(allowed) ^ set(real)))]


def _pairs(edges: Edges) -> set[tuple[str, str]]:
    return {(folder, there) for folder, imported in edges.items() for there in imported}


if __name__ == "__main__":
    sys.exit(main())
