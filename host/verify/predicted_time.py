"""What an inference was predicted to take on a project's board, to stand beside what was measured."""

from dataclasses import dataclass
from typing import Any

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.predict import FLASH_FACTOR, RAM_CODE_FACTOR, layer_cycles
from depthwise.codegen.project.picked_way import stored_ways
from depthwise.codegen.schedule import Point, Variant, plan_rows, points_of
from depthwise.codegen.targets.boards import core_of
from depthwise.codegen.targets.cores import Core
from depthwise.host.project import Project


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
    """Predicted for the very plan and storage of weights of a project; None for a core whose cycles nobody predicts."""
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
    return cycles_of(project.graph, core_of(project.board), point.variant)


def cycles_of(graph: Graph, target: Core, variant: Variant) -> dict[int, int]:
    """Predicted cycles of each layer with a variant of a core's kernels, by the tensor it computes."""
    if not target.predicted:
        return {}
    chosen = choose_kernels(graph, target.families, variant.int16_from, variant.most_scratch).chosen
    return {tensor: layer_cycles(one) for tensor, one in chosen.items()}


def _point(project: Project) -> Point | None:
    """The way of a project's plan and storage of weights.

    None for a core whose cycles nobody predicts, and for a plan of other nodes than the project's: another version of
    the tool has made it.
    """
    target = core_of(project.board)
    if not target.predicted or project.kind.detached:
        return None
    segments = tuple((int(start), int(stop)) for start, stop in project.manifest.get("segments", ()))
    if not segments or segments[-1][1] != len(project.graph.nodes):
        return None
    ways = stored_ways(project.graph, target)
    plan = plan_rows(project.graph, segments)
    found = points_of(plan, ways)
    same = [p for p in found if p.flash_bytes == project.manifest["weight_bytes"]]
    usual = [p for p in found if p.variant.usual]
    return (same or usual)[0]
