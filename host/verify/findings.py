"""What a run answered, what differed in it, and what was found of that."""

from dataclasses import dataclass

from depthwise.codegen.graph import Node

from .bench import Piece
from .cases import Case
from .explain.cause import Cause
from .verdict import Difference


@dataclass(frozen=True, slots=True)
class BoardRun:
    """What a board answered to one case."""

    case: Case
    scores: bytes
    stack_bytes: int


@dataclass(frozen=True, slots=True)
class WrongTensor:
    """A layer whose output differs; its checksum on the board, None where only the scores are known to differ."""

    node: Node
    crc: int | None


@dataclass(frozen=True, slots=True)
class Located:
    """A difference, its cause, and the windows that were captured."""

    difference: Difference
    cause: Cause
    pieces: tuple[Piece, ...] = ()
