"""What each layer costs on a core: the kernel that computes it, live MACs, predicted cycles or instructions."""

from dataclasses import dataclass
from typing import Any, Final

from depthwise.codegen.emit.plan_costs import LayerCost, layer_cost, layer_costs
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.unproved import unproved
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.costs import macs
from depthwise.codegen.project.picked_way import ways_on
from depthwise.codegen.schedule import steps
from depthwise.codegen.schedule.bodies import movable
from depthwise.codegen.targets.boards import bare_core
from depthwise.codegen.targets.cores import Core

from .html import html_table

Row = dict[str, Any]
VIEW: Final = "view"  # in place of the kernel of a layer that moves nothing


@dataclass(frozen=True, slots=True)
class CoreCost:
    """A network's layers behind the exact passes, on a core.

    `cycles` of a layer are None on a core without a model of them, `instructions` where they were not counted;
    `wait_cycles` are those of waiting for the flash of a board, beside `cycles`.
    """

    name: str
    core: str
    layers: tuple[Row, ...]

    @property
    def macs(self) -> int:
        """Multiply-accumulates of an inference, those that the exact passes leave."""
        return sum(row["macs"] for row in self.layers)

    @property
    def cycles(self) -> int | None:
        """Predicted cycles of an inference with zero flash wait states; None on a core without a model."""
        return self._total("cycles")

    @property
    def wait_cycles(self) -> int | None:
        """Predicted cycles of waiting for flash in an inference; None on a core without a model."""
        return self._total("wait_cycles")

    @property
    def instructions(self) -> int | None:
        """Predicted instructions of an inference; None on a core where they were not counted."""
        return self._total("instructions")

    def _total(self, unit: str) -> int | None:
        found = [row[unit] for row in self.layers]
        return None if None in found else sum(found)

    def milliseconds(self, clock_mhz: float, flash_factor: float = 1.0) -> float | None:
        """Predicted time of an inference at a clock; `flash_factor` is what else the flash costs, if that is known."""
        if self.cycles is None or self.wait_cycles is None:
            return None
        return (self.cycles + self.wait_cycles) * flash_factor / clock_mhz / 1000

    def as_json(self) -> Row:
        """Plain data."""
        totals = {"macs": self.macs, "cycles": self.cycles, "instructions": self.instructions}
        totals |= {"wait_cycles": self.wait_cycles}
        return {"model": self.name, "core": self.core, "layers": list(self.layers), **totals}

    def _repr_html_(self) -> str:
        keys = ("layer", "operator", "output", "kernel", "macs", "cycles")
        cycles = "" if self.cycles is None else f", {self.cycles:,} cycles predicted"
        rows = [[row[key] for key in keys] for row in self.layers]
        return html_table(f"{self.name} on {self.core}: {self.macs:,} MACs{cycles}", keys, rows)


def cost_on(name: str, graph: Graph, target: Core) -> CoreCost:
    """Kernel, live MACs and predicted cycles of each layer that is left behind the exact passes.

    A layer that faster kernels refused says which and why. One that only joins or parts what lies in order costs
    nothing where the plan that is picked for the core makes it a view. A core that `behind` gave a flash waits for it.
    """
    return CoreCost(name, target.name, tuple(map(_row, _costs(graph, target))))


def _costs(graph: Graph, target: Core) -> tuple[LayerCost, ...]:
    """Those of the way that is picked for a core alone, which is only looked for where it matters."""
    if movable(graph):
        picked = ways_on(graph, bare_core(target.name)).picked
        return layer_costs(picked.plan, picked.variant, target)
    kernels = choose_kernels(graph, target.families)
    return tuple(layer_cost(kernels.of(node), target, is_view=False) for node in steps(graph))


def _row(cost: LayerCost) -> Row:
    chosen = cost.chosen
    graph, node = chosen.layer.graph, chosen.layer.node
    left_by = {} if cost.is_view else chosen.left_by
    return {
        "layer": node.layer,
        "operator": node.op.kind,
        "output": shape_text(chosen.layer.output.shape),
        "kernel": VIEW if cost.is_view else chosen.kernel.name,
        "family": VIEW if cost.is_view else chosen.family.name,
        "macs": macs(graph, node),
        "cycles": cost.cycles,
        "instructions": cost.instructions,
        "wait_cycles": cost.waits,
        "refused_by": [{"kernels": list(names), "reason": why} for why, names in left_by.items()],
        "not_on_line": None if cost.is_view else unproved(chosen.kernel, graph, node),
    }
