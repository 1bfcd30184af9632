"""What other engines compute, from docs/make/peers.toml: facts read in their sources, with file, commit and date."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

FACTS: Final = Path(__file__).with_name("peers.toml")
INT8: Final = ("int8", "any")


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine at a commit. `takes`: for each operator the types of its activations, and where that was read."""

    title: str
    repository: str
    commit: str
    date: date
    about: str
    takes: Mapping[str, tuple[str, str]]

    def cell(self, kind: str) -> str:
        """What a table says of an operator; nothing where it is refused."""
        return self.takes[kind][0] if kind in self.takes else ""

    def is_int8(self, kind: str) -> bool:
        """Tell whether an operator is taken with int8 activations."""
        return self.cell(kind).startswith(INT8)


def peers() -> tuple[Peer, ...]:
    """All of them."""
    return tuple(map(_peer, tomllib.loads(FACTS.read_text()).values()))


def _peer(facts: Mapping[str, Any]) -> Peer:
    files: Mapping[str, Mapping[str, str]] = facts["sources"]
    takes = {kind: (cell, facts["folder"] + file) for file, kinds in files.items() for kind, cell in kinds.items()}
    return Peer(takes=takes, **{name: facts[name] for name in ("title", "repository", "commit", "date", "about")})
