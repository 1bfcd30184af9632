"""Points of a network whose RAM keeps a budget, with kernels that take less scratch where no others do."""

from collections.abc import Sequence

from depthwise.codegen.emit.network_view import variants
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import UNLIMITED, Kernels, choose_kernels
from depthwise.codegen.schedule import Point, Report, RowPlan, front, nobody, plans, state_bytes
from depthwise.codegen.targets.cores import Core


def points_within(
    graph: Graph, core: Core, ram: int | None, schedule: str = "auto", report: Report = nobody
) -> tuple[Point, ...]:
    """Points to choose from: with the fastest kernels; where none has room in `ram` bytes, with slower ones.

    Those take as much scratch as leaves room, or none if nothing does.
    """
    found = plans(graph, schedule, report)
    most = UNLIMITED if ram is None else _most_scratch(found, core, ram)
    return front(found, variants(graph, core, most))


def _most_scratch(found: Sequence[RowPlan], core: Core, ram: int) -> int:
    """Bytes of scratch that kernels may take such that a plan has room in RAM; 0 if none has."""
    graph = found[0].graph

    def has_room(kernels: Kernels) -> bool:
        return min(state_bytes(plan.with_scratch(kernels.scratch_bytes)) for plan in found) <= ram

    fastest = choose_kernels(graph, core.families)
    if has_room(fastest):
        return UNLIMITED
    smaller = fastest.scratches[1:]
    return next((m for m in smaller if has_room(choose_kernels(graph, core.families, most_scratch=m))), 0)
