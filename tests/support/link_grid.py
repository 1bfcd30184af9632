"""Every fault of a line at every request and answer, on a board that is right and on one that is not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.errors import LinkError
from depthwise.host.link import Link
from depthwise.host.link.ports import open_port
from depthwise.host.link.protocol import Command
from depthwise.host.project import Project
from depthwise.host.verify import verify
from depthwise.host.verify.explain.cause import CauseKind
from depthwise.host.verify.generated import generated
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import ElementPlace, Verdict
from tests.support.faulty_line import HARMLESS, KINDS, Fault, FaultyLine, faulty_line
from tests.support.projects import built
from tests.support.verified import break_weight

# The first request of a kind, the next, and one of a later run, when bisection is under way.
NUMBERS: Final = (1, 2, 11)
# What a verification asks; the camera's commands it does not.
ASKED: Final = tuple(c for c in Command if c not in {Command.CAMERA, Command.TAKE, Command.ROW})
SECONDS: Final = 0.25
THREADS: Final = 8


@dataclass(frozen=True, slots=True)
class Subject:
    """A project, the firmware its board runs, and where it has to be found to differ (None: nowhere)."""

    project: Project
    firmware: Path
    place: ElementPlace | None
    layer: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a verification with one fault: `verdict`, `error` or `wrong`; `reached`: the fault happened."""

    fault: Fault
    differs: bool
    outcome: str
    reached: bool
    said: str


def faults() -> Iterator[Fault]:
    """The whole grid."""
    for kind in KINDS:
        for command in ASKED:
            for number in NUMBERS:
                for answer in (False, True):
                    fault = Fault(kind, command, number, answer)
                    if fault.possible:
                        yield fault


def tried(subject: Subject, fault: Fault) -> Tried:
    """Verify a board behind a line with a fault."""
    line = FaultyLine(subject.firmware, subject.project.board, fault)
    graph = subject.project.graph
    inputs = [*generated(graph, 3, 0)] if fault.command is Command.GENERATE else [*generated_inputs(graph, 3, 0)]
    try:
        with faulty_line(line) as url, _opened(url, fault) as link:
            verdict = verify(subject.project, link, inputs)
    except LinkError as error:
        wrong = line.struck is False or fault.kind in HARMLESS
        return Tried(fault, subject.place is not None, "wrong" if wrong else "error", line.struck, str(error))
    outcome = "verdict" if _right(subject, verdict) else "wrong"
    return Tried(fault, subject.place is not None, outcome, line.struck, str(verdict.difference))


def _opened(url: str, fault: Fault) -> Link:
    """The line. It is raised where that is what goes wrong: by its name it is then no socket."""
    return Link(open_port(url), "line" if fault.command is Command.SPEED else url, answer_seconds=SECONDS)


def tried_all(subjects: tuple[Subject, ...], wanted: list[Fault]) -> list[Tried]:
    """Try faults on every subject, several at a time: most of it is waiting."""
    pairs = [(subject, fault) for subject in subjects for fault in wanted]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda pair: tried(*pair), pairs))


def subjects(folder: Path) -> tuple[Subject, Subject]:
    """The bundled model on a board that is right, and on one with a broken weight in layer 2."""
    project = built("host")
    image, before, after = break_weight(project, 2, (5, 0, 0, 2), folder)
    row, column, channel = at = tuple(np.argwhere(before[0] != after[0])[0].tolist())
    place = ElementPlace(row, column, channel, int(before[0][at]), int(after[0][at]))
    return Subject(project, project.firmware, None, 0), Subject(project, image, place, 2)


def _right(subject: Subject, verdict: Verdict) -> bool:
    """Equal only if the board is right; different only where it is not, with the cause."""
    if subject.place is None or verdict.difference is None or verdict.cause is None:
        return subject.place is None and verdict.equal
    found = verdict.difference
    return (found.layer, found.place, verdict.cause.kind) == (subject.layer, subject.place, CauseKind.CONSTANTS)
