"""Which boards and cores hold a network, and how fast it is on each; of a float network what its int8 form would be."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators.validate import is_float
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.project.fits import Fit, fits_on
from depthwise.codegen.project.placement import USUAL, Placement
from depthwise.codegen.quantize.quantize import QuantizeOptions, quantize
from depthwise.codegen.targets.boards import Board, bare_core, boards
from depthwise.codegen.targets.cores import CORES
from depthwise.host.data.calibration import DataOptions
from depthwise.host.data.named_inputs import noise_of

from .html import html_table

NOISE: Final = DataOptions(limit=1)


@dataclass(frozen=True, slots=True)
class Fits:
    """A network on boards, those that hold it first, and on cores alone.

    `estimated`: the model is a float one; sizes are those of its int8 form without exact passes, calibrated on noise.
    """

    model: str
    boards: tuple[Fit, ...]
    cores: tuple[Fit, ...]
    estimated: bool

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        listed = {"boards": [f.as_json() for f in self.boards], "cores": [f.as_json() for f in self.cores]}
        return {"model": self.model, "estimated": self.estimated, **listed}

    def on(self, name: str) -> Fit:
        """The answer for a board or a core. Raises KeyError for one that was not asked about."""
        return {**{f.board.core: f for f in self.cores}, **{f.board.name: f for f in self.boards}}[name]

    def _repr_html_(self) -> str:
        headings = ("board", "core", "fits", "RAM", "spare", "flash", "spare", "ms")
        rows = [
            (
                f.board.name,
                f.board.core,
                f.word,
                f.ram_needed,
                f.ram_spare,
                f.flash_needed,
                f.flash_spare,
                f.milliseconds,
            )
            for f in self.boards
        ]
        return html_table(f"{self.model}{', estimated' if self.estimated else ''}", headings, rows)


def fits_of(
    name: str,
    graph: Graph,
    passes: PassOptions,
    targets: Iterable[Board] | None = None,
    placement: Placement = USUAL,
) -> Fits:
    """How a network as it was read fits boards: those given, or all known ones and all cores."""
    estimated = is_float(graph)
    made = optimize(int8_form(graph), PassOptions(rewrite=False)) if estimated else optimize(graph, passes)
    cores = () if targets is not None else fits_on(made.graph, map(bare_core, CORES), placement)
    chosen = boards().values() if targets is None else targets
    return Fits(name, fits_on(made.graph, chosen, placement), cores, estimated)


def int8_form(graph: Graph) -> Graph:
    """A float network as int8, with the right shapes and sizes, and ranges seen on noise: never one to use."""
    seen = noise_of(graph, NOISE)
    return quantize(graph, lambda: seen.batches(1), QuantizeOptions("minmax", equalize=False, correct_bias=False)).graph
