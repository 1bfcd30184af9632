"""Tables of pages that are made: rows of cells whose text is no markup."""

from collections.abc import Iterable, Sequence
from typing import Final

SPECIAL: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "*": "&#42;", "_": "&#95;", "[": "&#91;"}


def cell(text: str) -> str:
    """Text that means nothing but itself; what stands between backticks stays code."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:
        return _plain("`".join(parts))
    return "".join(f"`{part}`".replace("|", "\\|") if i % 2 else _plain(part) for i, part in enumerate(parts))


def _plain(text: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells as they are."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
