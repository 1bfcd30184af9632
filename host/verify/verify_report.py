"""A verification with everything that was seen on the way, for the bundle that goes with a difference."""

from dataclasses import KW_ONLY, dataclass

from depthwise.codegen.graph import Node
from depthwise.host.link import Hello, Traffic

from .bench import Piece
from .board_answers import Answer
from .cases import Case
from .verdict import Verdict


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """`case`, `node` and `pieces` are of the first difference: its input, layer, and the windows captured of it.

    `answers` are the classes that were answered to each input that was compared.
    """

    verdict: Verdict
    hello: Hello
    traffic: Traffic
    _: KW_ONLY
    case: Case | None = None
    node: Node | None = None
    pieces: tuple[Piece, ...] = ()
    scores: bytes = b""
    answers: tuple[Answer, ...] = ()
