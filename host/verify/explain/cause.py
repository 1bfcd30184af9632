"""Why a board differs, or cannot be compared, as a value: the kind, what shows it, and what to do next."""

from dataclasses import dataclass
from enum import Enum
from typing import Any


class CauseKind(Enum):
    """Kinds of cause, from the firmware that is not the project's to a bug of this tool."""

    STALE = "stale firmware"
    OTHER_BUILD = "another build"
    PROMISE = "broken promise"
    LINK = "link"
    RESTARTED = "restarted board"
    UNRELIABLE = "unreliable memory or supply"
    OVERWRITTEN = "memory written over"
    STACK = "stack overflow"
    CONSTANTS = "damaged constants"
    ROUNDING = "other rounding"
    CODE = "wrong code"
    UNLOCATED = "not located"
    TOOL = "bug of depthwise"


@dataclass(frozen=True, slots=True)
class Cause:
    """What is most likely wrong: `summary` says it in a sentence, each of `evidence` is an observation."""

    kind: CauseKind
    summary: str
    evidence: tuple[str, ...]
    next_step: str

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "kind": self.kind.value,
            "summary": self.summary,
            "evidence": list(self.evidence),
            "next_step": self.next_step,
        }
