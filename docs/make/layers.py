"""Executed instructions and modelled cycles of each layer: a trace build run under the counting plugin.

Counting starts where a step starts and ends where it hands its first row to the trace; the order of calls says
whose step it was. Calls that only add to sums hand out nothing: they are counted in a second run, until they return.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.schedule import INPUT, Call, RowPlan, plan_rows
from depthwise.codegen.schedule.reads import writes
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify.inputs import generated_inputs

from .counting import address, address_behind, counts_in


@dataclass(frozen=True, slots=True)
class Counts:
    """Instructions and cycles of one layer in one inference."""

    instructions: int
    cycles: int


def layer_counts(project: Project, plugin: Path) -> dict[int, Counts]:
    """Counts of each layer of a trace build, by its number in the model."""
    plan = plan_of(project)
    counted = [*zip(reporting_steps(plan), _told(project, plugin), strict=True)]
    if len(counted) < len(_calls(plan)):
        counted += _silent(project, plugin, plan)
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for step, counts in counted:
        total = found[project.graph.nodes[step].layer]
        total[:] = (a + b for a, b in zip(total, counts, strict=True))
    return {layer: Counts(*both) for layer, both in found.items()}


def _told(project: Project, plugin: Path) -> list[tuple[int, int]]:
    """Counts of every call that hands rows to the trace, up to there."""
    return _counted(project, plugin, address(project, r"\w+_trace_rows\S*"))


def _silent(project: Project, plugin: Path, plan: RowPlan) -> list[tuple[int, tuple[int, int]]]:
    """Steps and counts of all other calls, up to where they return to the order."""
    calls = _calls(plan)
    counts = _counted(project, plugin, address_behind(project, r"\w+_run_step\S*"))
    counted = zip(calls[-len(counts) :], counts, strict=True)  # before the first row nothing is added up
    return [(call.step, both) for call, both in counted if not reports(plan, call)]


def _counted(project: Project, plugin: Path, end: int) -> list[tuple[int, int]]:
    begin = address(project, r"\w+_run_step\S*")
    log = project.folder / "layers.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x}")
    _, inputs = next(generated_inputs(project.graph, 1, seed=0))
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url, Link.open(url) as link:
        link.infer(project.sent(inputs), link.hello())
    return counts_in(log)


def plan_of(project: Project) -> RowPlan:
    """The plan of an exported project."""
    segments = tuple((int(a), int(b)) for a, b in project.manifest["segments"])
    return plan_rows(project.graph, segments)


def reporting_steps(plan: RowPlan) -> list[int]:
    """Step of every call that hands rows to the trace, in order."""
    return [call.step for call in _calls(plan) if reports(plan, call)]


def reports(plan: RowPlan, call: Call) -> bool:
    """Tell whether a call hands rows to the trace: sums that are not finished do not."""
    first, last = writes(plan.graph, plan.graph.nodes[call.step], call.row)
    return first <= last


def _calls(plan: RowPlan) -> list[Call]:
    """Calls of steps that compute; those of views do nothing, and are no calls in C."""
    return [call for call in plan.order if call.step > INPUT and plan.graph.nodes[call.step].output not in plan.views]
