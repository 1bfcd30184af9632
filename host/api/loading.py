"""A network as Python programs have it: what it is, what it costs, which boards hold it, what it computes, its C."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.floats import run as run_floats
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.costs import macs, total_macs, total_weight_bytes, weight_bytes
from depthwise.codegen.operators.parts.hints import QUANTIZE_FIRST
from depthwise.codegen.operators.validate import is_float
from depthwise.codegen.passes import Optimized, PassOptions, optimize
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.picked_way import Wishes
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.targets.boards import board as board_of
from depthwise.codegen.targets.boards import core_of as core_of_board
from depthwise.codegen.targets.cores import core as core_of

from .cost import CoreCost, cost_on
from .described_ends import ends_of
from .exporting import Exported
from .fitting import Fits, fits_of
from .html import html_table
from .planning import Plans, plans_on, target_of

USUAL: Final = PassOptions()


@dataclass(frozen=True, slots=True, eq=False)
class Golden:
    """What a network computes of N inputs: arrays [N, …] by tensor index, and the outputs by name."""

    tensors: Mapping[int, Array]
    outputs: Mapping[str, Array]

    @property
    def output(self) -> Array:
        """The one output. Raises InputError where there are several."""
        if len(self.outputs) != 1:
            raise InputError(f"there are {len(self.outputs)} outputs: {', '.join(self.outputs)}", "take one of outputs")
        return next(iter(self.outputs.values()))


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network as `load` reads it. `made` is what the exact passes leave; None for a float network."""

    path: Path
    graph: Graph
    passes: PassOptions
    made: Optimized | None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """Name, shape, type, scale, zero point and range of each input."""
        return ends_of(self.graph)["inputs"]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """Name, shape, type, scale, zero point and range of each output."""
        return ends_of(self.graph)["outputs"]

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one inference, as the model has it."""
        return total_macs(self.graph)

    def cost(self, core: str = "cortex-m4", *, board: str | None = None) -> CoreCost:
        """Kernel, live MACs, predicted cycles of each layer on a core, or on a `board`, whose flash makes it wait.

        Raises UnsupportedError for a float network.
        """
        target = core_of(core) if board is None else core_of_board(board_of(board))
        return cost_on(self.name, self._live(), target)

    def plan(
        self,
        *,
        ram: int | None = None,
        flash: int | None = None,
        board: str | None = None,
        core: str | None = None,
        schedule: str = "auto",
        ram_code: bool = False,
    ) -> Plans:
        """Ways to run it within budgets in bytes, on a board or a core (Cortex-M4 if neither is given).

        With `ram_code` the board's RAM has the network's code to hold, too.

        Raises DoesNotFitError where there is none, UnsupportedError for a float network.
        """
        target = target_of(board, core if board or core else "cortex-m4")
        wishes, placement = Wishes(schedule, ram, flash), Placement(ram_code=ram_code)
        return plans_on(self.path.stem, self._live(), target, wishes, placement=placement)

    def fit(self, boards: Iterable[str] | None = None, *, ram_code: bool = False) -> Fits:
        """Which boards hold it, of those given or of all, and how fast it is there; estimated for a float network.

        With `ram_code` its code lies in RAM.
        """
        chosen = None if boards is None else [board_of(b) for b in boards]
        return fits_of(self.name, self.graph, self.passes, chosen, Placement(ram_code=ram_code))

    def golden(self, inputs: Array | Mapping[str, Array]) -> Golden:
        """What the board has to compute, bit for bit: TensorFlow Lite Micro in numpy, every tensor.

        `inputs` are one array [N, …] of the input's type (int8, whatever the type of a quantized model's ends), or
        arrays by the tensors' names. A float network is computed in float32. Raises InputError for what does not fit.
        """
        graph = self.graph if self.made is None else self.made.reference
        named = {graph.tensors[i].name: i for i in graph.inputs}
        if isinstance(inputs, Mapping) and set(inputs) != set(named):
            raise InputError(f"arrays {', '.join(inputs)} were given", f"give {', '.join(named)}")
        given = {named[k]: v for k, v in inputs.items()} if isinstance(inputs, Mapping) else inputs
        tensors = run_floats(graph, given) if self.made is None else run(graph, given)
        return Golden(tensors, {graph.tensors[o].name: tensors[o] for o in graph.outputs})

    def export(
        self,
        out: str | os.PathLike[str],
        *,
        board: str | None = None,
        core: str | None = None,
        ram_code: bool = False,
        **wishes: Any,
    ) -> Exported:
        """Write the project folder `out` for a board, or for a core alone: C, firmware and all that builds them.

        `wishes` are fields of ExportOptions: `trace=True`, `force=True`, `ram=20_000`, `project="library"`,
        `labels=("cat", "dog")`, … With `ram_code` the network's code lies in RAM.
        Raises as `export` does: DoesNotFitError, UnsupportedError, ProjectError.
        """
        wishes = {"placement": Placement(ram_code=ram_code), **wishes}
        options = replace(ExportOptions(board=target_of(board, core), passes=self.passes), **wishes)
        return Exported(Path(out), export(self.path, Path(out), options))

    def _live(self) -> Graph:
        """What the exact passes leave of it."""
        if self.made is None:
            raise UnsupportedError(f"{self.name} is a float model", QUANTIZE_FIRST)
        return self.made.graph

    def __repr__(self) -> str:
        kind = "float32" if self.made is None else "int8"
        return f"<Network {self.name}: {kind}, {len(self.graph.nodes)} layers, {self.macs:,} MACs>"

    def _repr_html_(self) -> str:
        graph = self.graph
        rows = [
            (n.layer, n.op.kind, shape_text(graph.output_of(n).shape), macs(graph, n), weight_bytes(graph, n))
            for n in graph.nodes
        ]
        what = f"{self.name}: {self.macs:,} MACs, {total_weight_bytes(graph):,} bytes of weights"
        return html_table(what, ("layer", "operator", "output", "MACs", "weights"), rows)


def load(path: str | os.PathLike[str], passes: PassOptions = USUAL) -> Network:
    """Read a model file, int8 or float `.tflite`, or `.keras`; `passes` are options of the exact passes.

    Raises InputError if it cannot be opened, ModelError or UnsupportedError for what is in it.
    """
    graph = read_network(Path(path))
    return Network(Path(path), graph, passes, None if is_float(graph) else optimize(graph, passes))
