"""What an inference was predicted to take on a project's board, to stand beside what was measured."""

from dataclasses import dataclass
from typing import Any

from depthwise.codegen.emit.plan_costs import layer_costs
from depthwise.codegen.kernels.predict import FLASH_FACTOR, RAM_CODE_FACTOR
from depthwise.codegen.schedule import Point
from depthwise.codegen.targets.boards import core_of
from depthwise.codegen.targets.cores import Core
from depthwise.host.project import Project, core_of_project, exported_way


@dataclass(frozen=True, slots=True)
class PredictedTime:
    """Cycles with zero flash wait states, and the factor that those of the board's flash are reckoned by."""

    cycles: int
    clock_hz: int
    flash_factor: float = FLASH_FACTOR

    @property
    def milliseconds(self) -> float | None:
        """Time at the board's clock, wait states included; None where the clock is not known."""
        return self.cycles * self.flash_factor / self.clock_hz * 1000 if self.clock_hz else None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"cycles": self.cycles, "flash_factor": self.flash_factor, "milliseconds": self.milliseconds}


def predicted_time(project: Project) -> PredictedTime | None:
    """Predicted for the very plan and kernels of a project; None for a core whose cycles nobody predicts."""
    point = _point(project)
    placed = project.manifest.get("options", {}).get("ram_code")
    factor = RAM_CODE_FACTOR if placed else FLASH_FACTOR
    return PredictedTime(point.cycles, project.board.clock_hz, factor) if point else None


def predicted_layers(project: Project) -> dict[int, int]:
    """Predicted cycles of each layer, by the tensor it computes; none where nobody predicts them.

    Following the order of calls is in no layer.
    """
    point = _point(project)
    if point is None:
        return {}
    return cycles_of(point, core_of_project(project))


def cycles_of(point: Point, target: Core) -> dict[int, int]:
    """Predicted cycles of each layer of a way of running a network, by the tensor it computes; none of a view."""
    costs = layer_costs(point.plan, point.variant, target)
    return {c.chosen.layer.node.output: c.cycles for c in costs if c.cycles is not None}


def _point(project: Project) -> Point | None:
    """The way in which a project runs its network; None where nobody predicts it, and as `exported_way` says."""
    if not core_of(project.board).predicted or project.kind.detached:
        return None
    return exported_way(project)
