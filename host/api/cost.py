"""What each layer costs on a core: the kernel that computes it, live MACs, predicted cycles or instructions."""

from dataclasses import dataclass
from typing import Any, Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from depthwise.codegen.kernels.predict import FLASH_FACTOR, layer_cycles, layer_instructions
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.costs import macs
from depthwise.codegen.schedule import Variant, choose, steps
from depthwise.codegen.schedule.bodies import movable
from depthwise.codegen.targets.cores import Core

from .html import html_table

Row = dict[str, Any]
VIEW: Final = "view"  # in place of the kernel of a layer that moves nothing


@dataclass(frozen=True, slots=True)
class CoreCost:
    """A network's layers behind the exact passes, on a core.

    `cycles` of a layer are None on a core without a model of them, `instructions` where they were not counted.
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
    def instructions(self) -> int | None:
        """Predicted instructions of an inference; None on a core where they were not counted."""
        return self._total("instructions")

    def _total(self, unit: str) -> int | None:
        found = [row[unit] for row in self.layers]
        return None if None in found else sum(found)

    def milliseconds(self, clock_mhz: float, flash_factor: float = FLASH_FACTOR) -> float | None:
        """Predicted time of an inference at a clock; `flash_factor` is what wait states of the flash cost."""
        return None if self.cycles is None else self.cycles * flash_factor / clock_mhz / 1000

    def as_json(self) -> Row:
        """Plain data."""
        totals = {"macs": self.macs, "cycles": self.cycles, "instructions": self.instructions}
        return {"model": self.name, "core": self.core, "layers": list(self.layers), **totals}

    def _repr_html_(self) -> str:
        keys = ("layer", "operator", "output", "kernel", "macs", "cycles")
        cycles = "" if self.cycles is None else f", {self.cycles:,} cycles predicted"
        rows = [[row[key] for key in keys] for row in self.layers]
        return html_table(f"{self.name} on {self.core}: {self.macs:,} MACs{cycles}", keys, rows)


def cost_on(name: str, graph: Graph, target: Core) -> CoreCost:
    """Kernel, live MACs and predicted cycles of each layer that is left behind the exact passes.

    A layer that faster kernels refused says which and why. One that only joins or parts what lies in order costs
    nothing where the plan with the least RAM makes it a view.
    """
    kernels = choose_kernels(graph, target.families)
    views = choose(graph, variant=Variant(kernels.scratch_bytes)).views if movable(graph) else frozenset()
    rows = (_viewed if node.output in views else _row for node in steps(graph))
    chosen = (kernels.of(node) for node in steps(graph))
    return CoreCost(name, target.name, tuple(row(one, target) for row, one in zip(rows, chosen, strict=True)))


def _viewed(chosen: Chosen, target: Core) -> Row:
    row = _row(chosen, target)
    costs = {unit: None if row[unit] is None else 0 for unit in ("cycles", "instructions")}
    return {**row, "kernel": VIEW, "family": VIEW, **costs, "refused_by": []}


def _row(chosen: Chosen, target: Core) -> Row:
    graph, node = chosen.layer.graph, chosen.layer.node
    return {
        "layer": node.layer,
        "operator": node.op.kind,
        "output": shape_text(chosen.layer.output.shape),
        "kernel": chosen.kernel.name,
        "family": chosen.family.name,
        "macs": macs(graph, node),
        "cycles": layer_cycles(chosen) if target.predicted else None,
        "instructions": layer_instructions(target.instructions, chosen) if target.instructions else None,
        "refused_by": [{"kernels": list(names), "reason": why} for why, names in chosen.left_by.items()],
    }
