"""One input, run on a board again and again: ticks of each run, and whether its outputs were right every time."""

from dataclasses import KW_ONLY, dataclass
from statistics import median
from typing import Any

from depthwise.codegen.errors import InputError
from depthwise.host.link import BoardLink
from depthwise.host.progress import Step, StepProgress, nobody
from depthwise.host.project import Project

from .cases import Inputs, cases_of, run_case
from .identity import check_identity
from .predicted_time import PredictedTime, predicted_time
from .verdict import BOARD
from .verify_board import greeted


@dataclass(frozen=True, slots=True)
class RepeatedRuns:
    """Ticks of each run, of a counter of `clock_hz`; `wrong` runs had other outputs than the golden model.

    `clock` is what ticks, as in Verdict. `predicted` is None where nobody predicts the core's cycles.
    """

    name: str
    board: str
    core: str
    _: KW_ONLY
    ticks: tuple[int, ...]
    clock_hz: int
    wrong: int
    macs: int
    predicted: PredictedTime | None
    clock: str = BOARD

    def milliseconds(self, ticks: float) -> float | None:
        """Time of so many ticks; None where the counter's clock is not known, or an emulator's."""
        return ticks / self.clock_hz * 1000 if self.clock_hz and self.clock == BOARD else None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        spread = {"min": min(self.ticks), "median": median(self.ticks), "max": max(self.ticks)}
        times = {f"{what}_milliseconds": self.milliseconds(ticks) for what, ticks in spread.items()}
        who = {"name": self.name, "board": self.board, "core": self.core, "clock": self.clock, "macs": self.macs}
        counted = {"runs": len(self.ticks), "wrong": self.wrong, "clock_hz": self.clock_hz, "ticks": list(self.ticks)}
        return {**who, **counted, **spread, **times, "predicted": self.predicted and self.predicted.as_json()}


def repeated_runs(
    project: Project, link: BoardLink, inputs: Inputs, repeats: int, *, clock: str = BOARD, watch: StepProgress = nobody
) -> RepeatedRuns:
    """Run the first of the inputs `repeats` times. Raises as `verify` does where the board is not the project's."""
    hello = greeted(link)
    check_identity(project, hello)
    case = next(iter(cases_of(project, inputs)), None)
    if case is None or repeats < 1:
        raise InputError("no input was given, nothing was run", "give --repeats 1 or more")
    expected = {o: case.golden[o].tobytes() for o in project.graph.outputs}
    ticks, wrong = list[int](), 0
    for number in range(repeats):
        watch(Step("running", number, repeats))
        result = run_case(project, link, hello, case)
        ticks.append(result.cycles // case.runs)
        wrong += project.received(result.output) != expected
    return RepeatedRuns(
        hello.name,
        project.board.name or project.board.title,
        hello.core,
        ticks=tuple(ticks),
        clock_hz=hello.clock_hz,
        wrong=wrong,
        macs=int(project.manifest["macs"]),
        predicted=predicted_time(project),
        clock=clock,
    )
