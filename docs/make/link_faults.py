"""Writes docs/results/link-faults.md: every fault of a line at every request and answer, and what verify says then.

`python -m docs.make.link_faults`; takes about two minutes. The boards are the host's, real firmware as a process,
behind a line that does one thing wrong (tests/support/faulty_line.py).
"""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from depthwise.host.link.protocol import Command
from tests.support.faulty_line import KINDS
from tests.support.link_grid import ASKED, NUMBERS, Tried, faults, subjects, tried_all

from .pages import RESULTS

PAGE: Final = RESULTS / "link-faults.md"
HEAD: Final = f"""# Faults of the line

Each fault happens once, to the request or to the answer number {NUMBERS[0]}, {NUMBERS[1]} or {NUMBERS[2]} of a command,
while `verify` runs 3 inputs on a trace build of the bundled model: on a board that is right, and on one with a broken
weight. A verdict is right if the first is equal, and the second different in the right layer, row, column and channel,
with both values and the right cause. Only an unplugged cable or a board that restarts may end in an error of the link;
everything else has to be recovered from. Boards are real firmware as processes, a reset is a new process.
Where SPEED is to go wrong, the line is raised, which that of a process is not otherwise. Made by
`python -m docs.make.link_faults`.

"""


def main() -> None:
    """Try the whole grid and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        found = tried_all(subjects(Path(folder)), list(faults()))
    PAGE.write_text(HEAD + _totals(found) + _table(found) + _wrong(found))


def _totals(found: list[Tried]) -> str:
    reached = [f for f in found if f.reached]
    counts = Counter(f.outcome for f in reached)
    return (
        f"**{counts['wrong']} wrong verdicts** in {len(reached):,} verifications with a fault: {counts['verdict']:,} "
        f"right verdicts, {counts['error']:,} errors of the link. {len(found) - len(reached):,} more runs had ended "
        "before the fault was due.\n\n"
    )


def _table(found: list[Tried]) -> str:
    commands = [c.name for c in ASKED]
    head = f"Right verdicts + errors of the link, by command:\n\n| fault | {' | '.join(commands)} | wrong |\n"
    rows = [
        f"| {kind} | {' | '.join(_cell(found, kind, c) for c in ASKED)} | {_wrongs(found, kind)} |" for kind in KINDS
    ]
    return head + f"|---{'|---' * (len(commands) + 1)}|\n" + "\n".join(rows) + "\n"


def _cell(found: list[Tried], kind: str, command: Command) -> str:
    counts = Counter(f.outcome for f in found if f.reached and (f.fault.kind, f.fault.command) == (kind, command))
    errors = f" + {counts['error']}" if counts["error"] else ""
    return f"{counts['verdict']}{errors}"


def _wrongs(found: list[Tried], kind: str) -> int:
    return sum(f.outcome == "wrong" for f in found if f.fault.kind == kind)


def _wrong(found: list[Tried]) -> str:
    lines = [f"- {f.fault}: {f.said}" for f in found if f.outcome == "wrong"]
    return "\nWrong:\n" + "\n".join(lines) + "\n" if lines else ""


if __name__ == "__main__":
    main()
