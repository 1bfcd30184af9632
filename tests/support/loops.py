"""Loops of C whose body changes what the loop itself counts."""

import re
from collections.abc import Iterator
from typing import Final

QUIET: Final = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", re.DOTALL)
FOR: Final = re.compile(r"\bfor \(")
COUNTED: Final = re.compile(r"(?<![*)\w])(\w+)(?:\+\+|--| [-+*/]?=[^=])|(?:\+\+|--)(\w+)")
PAIRS: Final = {"(": ")", "{": "}"}


def changed_counters(source: str) -> list[str]:
    """Names that a `for` counts in its head and that its body changes as well."""
    text = QUIET.sub(lambda found: " " * len(found[0]), source)
    return [f"{name} in: {' '.join(head.split())}" for head, body in _loops(text) for name in _both(head, body)]


def _loops(text: str) -> Iterator[tuple[str, str]]:
    for found in FOR.finditer(text):
        head_end = _closing(text, found.end() - 1)
        begin = text.find("{", head_end)
        if text[head_end:begin].strip() == "":
            yield text[found.end() : head_end - 1], text[begin : _closing(text, begin)]


def _closing(text: str, opening: int) -> int:
    """Place behind the bracket that closes the one at a place."""
    mark, depth = text[opening], 0
    for at in range(opening, len(text)):
        depth += (text[at] == mark) - (text[at] == PAIRS[mark])
        if depth == 0:
            return at + 1
    return len(text)


def _both(head: str, body: str) -> list[str]:
    step = head.rpartition(";")[2]
    counted, changed = ({a or b for a, b in COUNTED.findall(part)} for part in (f"{step} ", body))
    return sorted(counted & changed)
