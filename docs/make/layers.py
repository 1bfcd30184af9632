"""Executed instructions and modelled cycles of each layer: a trace build run under the counting plugin.

Counting starts where a step starts and ends where it hands its rows to the trace, none while it adds up sums; the order
of calls says whose step it was.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.graph import Node
from depthwise.codegen.schedule import INPUT, RowPlan, plan_rows
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify.inputs import generated_inputs

from .counting import address, counts_in


@dataclass(frozen=True, slots=True)
class Counts:
    """Instructions and cycles of one layer in one inference."""

    instructions: int
    cycles: int


def layer_counts(project: Project, plugin: Path) -> dict[int, Counts]:
    """Counts of each layer of a trace build, by its number in the model."""
    log = logged_steps(project, plugin)
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for node, counts in zip(called(plan_of(project)), counts_in(log), strict=True):
        total = found[node.layer]
        total[:] = (a + b for a, b in zip(total, counts, strict=True))
    return {layer: Counts(*both) for layer, both in found.items()}


def logged_steps(project: Project, plugin: Path, more: str = "") -> Path:
    """What a plugin, with `more` arguments, wrote of each step of one inference of a trace build."""
    begin, end = address(project, r"\w+_run_step\S*"), address(project, r"\w+_trace_rows\S*")
    log = project.folder / "layers.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x}{more}")
    _, inputs = next(generated_inputs(project.graph, 1, seed=0))
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url, Link.open(url) as link:
        link.infer(project.sent(inputs), link.hello())
    return log


def plan_of(project: Project) -> RowPlan:
    """The plan of an exported project."""
    segments = tuple((int(a), int(b)) for a, b in project.manifest["segments"])
    return plan_rows(project.graph, segments)


def called(plan: RowPlan) -> list[Node]:
    """Layer of every call, in order: what arrives is no layer's, and views are no calls in C."""
    nodes = [plan.graph.nodes[call.step] for call in plan.order if call.step > INPUT]
    return [node for node in nodes if node.output not in plan.views]
