"""What of a built project goes where in the board's flash memory."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from shlex import quote

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.project_kinds import ProjectKind
from depthwise.codegen.targets.boards import Board
from depthwise.host.kinds import PayloadPart, room_of


@dataclass(frozen=True, slots=True)
class Payload:
    """All parts, by address; none overlaps another."""

    parts: tuple[PayloadPart, ...]

    @property
    def total_bytes(self) -> int:
        """Bytes of all parts."""
        return sum(len(p.data) for p in self.parts)

    def written(self, address: int) -> int:
        """How many of the bytes lie below an address: progress, for parts that are written in order."""
        return sum(max(0, min(address, p.end) - p.address) for p in self.parts)


def payload(folder: Path, kind: ProjectKind, board: Board) -> Payload:
    """Parts of a project of a kind that has been built. Raises ProjectError if it has not, or cannot be flashed."""
    find = room_of(kind).parts
    if find is None or (not board.flashing and board.virtual):
        what = f"a project of kind {kind.name}" if find is None else f"{board.name}, a virtual board,"
        raise ProjectError(
            f"{what} cannot be flashed", f"run `depthwise verify {quote(str(folder))} --virtual` if it runs here"
        )
    parts = sorted(find(folder, board), key=lambda p: p.address)
    for first, second in pairwise(parts):
        if first.end > second.address:
            raise ProjectError(
                f"{first.name} ends at {first.end:#x}, {second.name} begins at {second.address:#x}",
                "the partition table has no room for it",
            )
    return Payload(tuple(parts))
