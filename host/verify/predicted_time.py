"""What an inference was predicted to take on a project's board, to stand beside what was measured."""

from dataclasses import dataclass
from typing import Any

from depthwise.codegen.emit.plan_costs import layer_costs
from depthwise.codegen.schedule import Point
from depthwise.codegen.targets.boards import core_of
from depthwise.codegen.targets.cores import Core
from depthwise.host.project import Project, core_of_project, exported_way


@dataclass(frozen=True, slots=True)
class PredictedTime:
    """Cycles with zero flash wait states, and those that the board's flash makes wait beside them."""

    cycles: int
    clock_hz: int
    waits: int = 0

    @property
    def flash_factor(self) -> float:
        """All cycles as a multiple of those with zero wait states."""
        return (self.cycles + self.waits) / self.cycles if self.cycles else 1.0

    @property
    def milliseconds(self) -> float | None:
        """Time at the board's clock, wait states included; None where the clock is not known."""
        return (self.cycles + self.waits) / self.clock_hz * 1000 if self.clock_hz else None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        flash = {"wait_cycles": self.waits, "flash_factor": self.flash_factor}
        return {"cycles": self.cycles, **flash, "milliseconds": self.milliseconds}


def predicted_time(project: Project) -> PredictedTime | None:
    """Predicted for the very plan and kernels of a project; None for a core whose cycles nobody predicts."""
    point = _point(project)
    return PredictedTime(point.cycles, project.board.clock_hz, point.waits) if point else None


def predicted_layers(project: Project) -> dict[int, int]:
    """Predicted cycles of each layer, by the tensor it computes, waiting for flash included; none without a model.

    Following the order of calls is in no layer.
    """
    point = _point(project)
    if point is None:
        return {}
    return cycles_of(point, core_of_project(project))


def cycles_of(point: Point, target: Core) -> dict[int, int]:
    """Predicted cycles of each layer of a way of running a network, by the tensor it computes: of its flash, too."""
    costs = layer_costs(point.plan, point.variant, target)
    return {c.chosen.layer.node.output: c.cycles + (c.waits or 0) for c in costs if c.cycles is not None}


def _point(project: Project) -> Point | None:
    """The way in which a project runs its network; None where nobody predicts it, and as `exported_way` says."""
    if not core_of(project.board).predicted or project.kind.detached:
        return None
    return exported_way(project)
