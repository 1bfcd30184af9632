"""What each layer costs on a core: the kernel that computes it, live MACs, predicted cycles or instructions."""

from dataclasses import dataclass
from typing import Any

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from depthwise.codegen.kernels.predict import FLASH_FACTOR, layer_cycles, layer_instructions
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.costs import macs
from depthwise.codegen.schedule import steps
from depthwise.codegen.targets.cores import Core

from .html import html_table

Row = dict[str, Any]


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

    A layer that faster kernels refused says which and why.
    """
    kernels = choose_kernels(graph, target.families)
    return CoreCost(name, target.name, tuple(_row(kernels.of(node), target) for node in steps(graph)))


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
