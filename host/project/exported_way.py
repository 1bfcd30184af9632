"""The way in which a project runs its network: the plan and the kernels that its export took."""

from collections.abc import Iterator
from dataclasses import replace

from depthwise.codegen.emit.network_view import variant, variants
from depthwise.codegen.kernels.choice import UNLIMITED, choose_kernels
from depthwise.codegen.project.manifest import storage_of
from depthwise.codegen.schedule import Point, RowPlan, plan_rows, point, points_of
from depthwise.codegen.targets.boards import Board, core_of
from depthwise.codegen.targets.cores import Core

from .exported import Project


def board_of_project(project: Project) -> Board:
    """The board, with the core whose kernels a project has: a module of MicroPython those of its architecture."""
    return replace(project.board, core=str(project.manifest["core"]))


def core_of_project(project: Project) -> Core:
    """The core whose kernels a project has."""
    return core_of(board_of_project(project))


def exported_way(project: Project) -> Point | None:
    """A project's plan and kernels; None for a plan of other nodes: another version of the tool has made it.

    Manifests of earlier versions do not say which kernels were taken: those that take as much RAM and flash.
    """
    graph, target = project.graph, core_of_project(project)
    segments = tuple((int(start), int(stop)) for start, stop in project.manifest.get("segments", ()))
    if not segments or segments[-1][1] != len(graph.nodes):
        return None
    plan = plan_rows(graph, segments, guarded=bool(project.manifest["canary"]))
    stored = storage_of(project.manifest)
    if stored is not None:
        return point(plan, variant(graph, target, *stored))
    ram, flash = project.manifest["ram_bytes"], project.manifest["weight_bytes"]
    found = tuple(_ways(plan, target))
    usual = next(p for p in found if p.variant.usual)
    return next((p for p in found if (p.ram_bytes, p.flash_bytes) == (ram, flash)), usual)


def _ways(plan: RowPlan, target: Core) -> Iterator[Point]:
    """A plan with every storage of weights and every size of scratch, the usual ones first."""
    smaller = choose_kernels(plan.graph, target.families).scratches[1:]
    for most in (UNLIMITED, *smaller):
        yield from points_of(plan, variants(plan.graph, target, most))
