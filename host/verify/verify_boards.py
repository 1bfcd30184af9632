"""Several boards with one project, verified at the same time: a thread for each, the golden model run once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from depthwise.codegen.errors import DepthwiseError
from depthwise.host.link import BoardLink, Link
from depthwise.host.micropython.repl_link import open_link
from depthwise.host.project import Project
from depthwise.host.verify import Case, Step, VerifyReport, cases_of, shared, verify_cases

from .cases import Given, ahead, check_promise
from .explain.failures import cause_of

BoardsProgress = Callable[[int, Step], None]


@dataclass(frozen=True, slots=True)
class BoardOutcome:
    """How one board came out: its report, or the error that ended it."""

    port: str
    report: VerifyReport | None
    error: DepthwiseError | None

    @property
    def word(self) -> str:
        """`equal`, `different` or `failed`."""
        if self.report is None:
            return "failed"
        return "equal" if self.report.verdict.equal else "different"

    def timed_by(self, clock: str) -> "BoardOutcome":
        """The same, its ticks counted by another clock than a board's."""
        if self.report is None:
            return self
        return replace(self, report=replace(self.report, verdict=replace(self.report.verdict, clock=clock)))

    def as_json(self) -> dict[str, Any]:
        """The verdict's plain data, or the error's, with the port."""
        if self.report is not None:
            return {"port": self.port, **self.report.verdict.as_json()}
        assert self.error is not None
        cause = cause_of(self.error)
        failed = {"error": self.error.message, "hint": self.error.hint, "cause": cause.as_json() if cause else None}
        return {"port": self.port, "equal": None, **failed}


def verify_boards(
    project: Project,
    ports: tuple[str, ...],
    inputs: Sequence[tuple[str, Given]],
    watch: BoardsProgress,
    *,
    full: bool = False,
    baud: int | None = None,
) -> tuple[BoardOutcome, ...]:
    """Verify every board; one that fails does not stop the others. `watch` is told each board's number and step.

    `baud` is the one speed that lines may be raised to; None: what both ends take.
    """
    for name, values in inputs:
        check_promise(project, name, values)
    each = shared(ahead(cases_of(project, inputs)), len(ports))
    futures = [Future[BoardOutcome]() for _ in ports]

    def work(number: int) -> None:
        try:
            step = partial(watch, number)
            what = _Verifying(each[number], len(inputs), full, baud)
            futures[number].set_result(_outcome(project, ports[number], what, step))
        except BaseException as bug:
            futures[number].set_exception(bug)

    for number in range(len(ports)):
        # A daemon: Ctrl-C does not wait for a board that is silent.
        threading.Thread(target=work, args=(number,), daemon=True).start()
    return tuple(future.result() for future in futures)


@dataclass(frozen=True, slots=True)
class _Verifying:
    """What a board is verified with, how many inputs that are, whether byte by byte, the one speed of its line."""

    cases: Iterator[Case]
    total: int
    full: bool
    baud: int | None


def _outcome(project: Project, port: str, what: _Verifying, watch: Callable[[Step], None]) -> BoardOutcome:
    try:
        with opened(project, port, what.baud) as (own, link):
            return BoardOutcome(port, verify_cases(own, link, what.cases, watch, what.total, full=what.full), None)
    except DepthwiseError as error:
        watch(Step(f"failed: {error.message}", 0, None))
        return BoardOutcome(port, None, error)


@contextmanager
def opened(project: Project, port: str, baud: int | None = None) -> Iterator[tuple[Project, BoardLink]]:
    """The line to a board, and the project as it was built for it; `baud` as in Link.open. Raises LinkError."""
    if project.kind.detached:
        with open_link(project, port) as opened:
            yield opened
    else:
        with Link.open(port, baud=baud) as link:
            yield project, link
