"""The kinds of project a network can be exported as: which folders its parts lie in, what is rendered beside them."""

import difflib
from dataclasses import dataclass
from typing import Final

from .boards import Board
from .errors import InputError

NETWORK_BINDING: Final = ("network.h", "project/network.h.j2")


@dataclass(frozen=True, slots=True)
class ProjectKind:
    """A kind of project. In `network`, `app`, `board` and the names of `files`, `{name}` is the network's name.

    `network` is the folder of the library, `app` that of the serial application (None: the project has none),
    `board` that of the board's own sources (None: a framework brings them). `files` are the project's own:
    (file, template).
    """

    name: str
    about: str
    files: tuple[tuple[str, str], ...]
    network: str = "network"
    app: str | None = "app"
    board: str | None = "board"


KINDS: Final = {
    kind.name: kind
    for kind in (
        ProjectKind("host", "a process of this machine, built with make", (("Makefile", "project/host.mk.j2"),)),
        ProjectKind("bare", "bare metal, built with make", (("Makefile", "project/bare.mk.j2"),)),
        ProjectKind("stm32", "bare metal for an STM32, built with make", (("Makefile", "project/bare.mk.j2"),)),
    )
}


def project_kind(name: str | None, board: Board) -> ProjectKind:
    """Kind of a name, or the board's usual one. InputError if there is no such kind, or not for this board."""
    wanted = name or board.project
    if wanted not in KINDS:
        near = difflib.get_close_matches(wanted, KINDS, n=2, cutoff=0.4) or sorted(KINDS)
        raise InputError(f"no kind of project is called {wanted!r}", f"did you mean {' or '.join(near)}?")
    offered = [kind for kind, _ in board.projects]
    if wanted not in offered:
        raise InputError(
            f"{board.name} cannot be exported as a project of kind {wanted}", f"it can be as {', '.join(offered)}"
        )
    return KINDS[wanted]
