"""Executed instructions and modelled cycles of each layer: a trace build run under the counting plugin.

Counting starts where a step starts and ends where it hands its first row to the trace; the order of calls says
whose step it was. Steps that only add to sums are counted at their last call and taken as often as they are called.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.graph import Graph
from depthwise.codegen.schedule import INPUT, RowPlan, plan_rows
from depthwise.codegen.schedule.reads import accumulates, calls_of, writes
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify.inputs import generated_inputs

from .counting import address


@dataclass(frozen=True, slots=True)
class Counts:
    """Instructions and cycles of one layer in one inference."""

    instructions: int
    cycles: int


def layer_counts(project: Project, plugin: Path) -> dict[int, Counts]:
    """Counts of each layer of a trace build, by its number in the model."""
    begin, end = address(project, r"\w+_run_step\S*"), address(project, r"\w+_trace_rows\S*")
    log = project.folder / "layers.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x}")
    _, inputs = next(generated_inputs(project.graph, 1, seed=0))
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url, Link.open(url) as link:
        link.infer(project.sent(inputs), link.hello())
    lines = re.findall(r"insns=(\d+) cycles=(\d+)", log.read_text())
    steps = reporting_steps(plan_of(project))
    assert len(lines) == len(steps), (len(lines), len(steps))
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for step, line in zip(steps, lines, strict=True):
        node = project.graph.nodes[step]
        times = _times(project.graph, step)
        for at in range(2):
            found[node.layer][at] += int(line[at]) * times
    return {layer: Counts(*both) for layer, both in found.items()}


def plan_of(project: Project) -> RowPlan:
    """The plan of an exported project."""
    segments = tuple((int(a), int(b)) for a, b in project.manifest["segments"])
    return plan_rows(project.graph, segments)


def reporting_steps(plan: RowPlan) -> list[int]:
    """Step of every call that hands rows to the trace, in order."""
    graph = plan.graph
    steps = []
    for call in plan.order:
        if call.step > INPUT and graph.nodes[call.step].output not in plan.views:
            first, last = writes(graph, graph.nodes[call.step], call.row)
            steps += [call.step] if first <= last else []
    return steps


def _times(graph: Graph, step: int) -> int:
    """Calls that one reported row of a step stands for."""
    node = graph.nodes[step]
    return calls_of(graph, node) // graph.output_of(node).rows if accumulates(graph, node) else 1
