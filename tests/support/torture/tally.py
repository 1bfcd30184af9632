"""What a torture came to: counts by outcome, and each case that ended in neither of them, by its seed."""

import resource
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from depthwise.codegen.errors import DepthwiseError

SECONDS = 20  # of processor time, for one case
MEMORY = 4 << 30
MOST_SHOWN = 50


class TooLongError(Exception):
    """A case took more processor time than it may."""


@dataclass(slots=True)
class Tally:
    """Cases that were taken, cases that one named error refused, and the faults: seed and what was seen."""

    done: int = 0
    taken: int = 0
    refused: int = 0
    faults: dict[int, str] = field(default_factory=dict)

    def count(self, seed: int, case: Callable[[], object]) -> None:
        """Run a case. It may end well, or in an error of the tree; all else is a fault."""
        self.done += 1
        try:
            with_limit(case)
            self.taken += 1
        except DepthwiseError:
            self.refused += 1
        except Exception:
            if len(self.faults) < MOST_SHOWN:
                self.faults[seed] = traceback.format_exc()[-1500:]


def with_limit(case: Callable[[], object]) -> None:
    """Run a case within its processor time and memory."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise TooLongError(f"more than {SECONDS} s of processor time")

    before, (soft, hard) = signal.signal(signal.SIGPROF, late), resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        case()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
