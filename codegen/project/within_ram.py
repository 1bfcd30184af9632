"""Points of a network whose RAM keeps a budget, with kernels that take less scratch where no others do."""

from depthwise.codegen.emit.network_view import variants
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.schedule import Point, Report, Variant, nobody, points, points_again
from depthwise.codegen.targets.cores import Core


def points_within(
    graph: Graph, core: Core, ram: int | None, schedule: str = "auto", report: Report = nobody
) -> tuple[Point, ...]:
    """Points to choose from: with the fastest kernels; where none has room in `ram` bytes, with slower ones.

    Those take as much scratch as leaves room, or none if nothing does.
    """
    ways = variants(graph, core)
    found = points(graph, schedule, *ways, report=report)
    if ram is None or _least(found) <= ram or not ways[0].scratch_bytes:
        return found
    for most in choose_kernels(graph, core.families).scratches[1:]:
        ways = variants(graph, core, most)
        if not most or _least(_again(found, ways)) <= ram:
            break
    return points(graph, schedule, *ways, report=report)


def _again(found: tuple[Point, ...], ways: tuple[Variant, ...]) -> tuple[Point, ...]:
    """The same cuts with other scratch."""
    plans = {p.plan.segments: p.plan for p in found}.values()
    return tuple(q for p in plans for q in points_again(p, ways[:1]))


def _least(found: tuple[Point, ...]) -> int:
    return min(p.ram_bytes for p in found)
