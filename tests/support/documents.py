"""Blocks of code in documents: which there are, and what to do with each.

A line `path`: ahead of a block names the file that it is the text of, a comment ahead of one what it needs that a test
does not have: <!-- needs a board -->. In a session "..." stands for any text.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.places import ROOT

BLOCK: Final = re.compile(
    r"(?:^<!-- needs (?P<needs>[^\n]*?) -->\n+)?(?:^`(?P<file>[\w./-]+)`:\n+)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
COMMAND: Final = re.compile(r"^\$ (.*)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code of a page: its line, language, the file it is the text of and what it needs, or empty ones."""

    page: Path
    line: int
    language: str
    text: str
    file: str
    needs: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path, text: str | None = None) -> list[Block]:
    """The blocks of a page, or of a part of it, in order."""
    text = page.read_text() if text is None else text
    return [
        Block(page, text.count("\n", 0, m.start("text")), m["language"], m["text"], m["file"] or "", m["needs"] or "")
        for m in BLOCK.finditer(text)
    ]


def session_of(text: str) -> list[tuple[str, str]]:
    """Commands of a session, each with what is said to be printed: empty if nothing is."""
    _, *parts = COMMAND.split(text)
    return list(zip(parts[::2], parts[1::2], strict=True))


def is_printed(said: str, expected: str) -> bool:
    """Whether a command printed what a page says."""
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("..."))
    return not expected.strip() or re.fullmatch(pattern, trimmed(said), re.DOTALL) is not None


def trimmed(said: str) -> str:
    """What was printed, without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in said.strip().splitlines())


def edit(file: Path, change: str) -> None:
    """Replace the lines that stay or go by those that stay or are new; they stand in the file once."""
    lines = change.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] != "+")
    behind = "".join(line[1:] for line in lines if line[0] != "-")
    text = file.read_text()
    assert text.count(before) == 1, f"{file.name} has this {text.count(before)} times:\n{before}"
    file.write_text(text.replace(before, behind))


def write_new(file: Path, text: str) -> None:
    """Write a file that a page shows; it is not there yet."""
    assert not file.exists(), f"{file} is there already"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
