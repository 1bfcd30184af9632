"""`depthwise inspect`: what a model is made of and what each layer costs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.costs import activation_bytes, macs, total_macs, total_weight_bytes, weight_bytes
from depthwise.codegen.operators.parts.hints import QUANTIZE_FIRST
from depthwise.codegen.operators.validate import is_float
from depthwise.codegen.passes import Optimized, PassOptions, optimize
from depthwise.codegen.passes.proof import prove
from depthwise.codegen.project.labels import check_labels, read_labels
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.schedule import choose, state_bytes
from depthwise.codegen.targets.boards import Board, board, core_of
from depthwise.codegen.targets.cores import Core, core
from depthwise.host.api.cost import cost_on
from depthwise.host.api.described_ends import ends_of
from depthwise.host.api.fitting import Fits, fits_of
from depthwise.host.console import out, print_json, table
from depthwise.host.console.quoted import quoted

from .end_views import show_ends
from .fit_views import show_one_fit
from .grouped_options import grouped
from .kernel_views import show_kernels
from .known_names import board_option, core_option
from .pass_options import pass_options
from .proof_views import show_proof
from .versus_full_views import show_versus_full
from .versus_full_views import versus_full as compared

CLOCK_MHZ: Final = 120.0


@dataclass(frozen=True, slots=True)
class OnCore:
    """A board that may hold the model; a core whose kernels are shown, and what cycles are reckoned with."""

    board_name: str | None
    ram_code: bool
    core_name: str | None
    clock_mhz: float | None
    flash_factor: float

    @property
    def target(self) -> Core:
        """The core whose kernels are shown, behind the board's flash if one is given. Raises InputError for another."""
        if self.board_name is None:
            return core(self.core_name or "")
        found = core_of(self._board)
        if found.name != self.core_name:
            raise InputError(f"{self.board_name} has a {found.name}", f"give --core {found.name}, or no --board")
        return found

    @property
    def clock(self) -> float:
        """Of the core, in MHz."""
        usual = CLOCK_MHZ if self.board_name is None else self._board.clock_hz / 1e6
        return usual if self.clock_mhz is None else self.clock_mhz

    @property
    def _board(self) -> Board:
        return Placement(ram_code=self.ram_code).room(board(self.board_name or ""))


@click.command("inspect")
@click.argument("model", type=click.Path(path_type=Path))
@grouped(
    "on",
    OnCore,
    board_option("board_name", help="Tell whether a board holds it, as `depthwise fit` does for all."),
    click.option("--ram-code", is_flag=True, help="With the network's code in RAM, with --board."),
    core_option(
        "core_name", help="Show the kernels of a core, and the cycles they are predicted to take; with --board there."
    ),
    click.option("--clock", "clock_mhz", type=float, help="MHz, with --core; 120 or the board's unless given."),
    click.option(
        "--flash-factor", default=1.0, show_default=True, help="What waiting costs where no board says it, with --core."
    ),
)
@click.option("--versus-full", is_flag=True, help="Compare each depthwise and pointwise pair with a full convolution.")
@click.option("--proof", is_flag=True, help="Show what the exact passes remove from each layer, and why.")
@click.option("--labels", type=click.Path(path_type=Path), help="Names of the scores: a file, one on each line.")
@pass_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(
    *,
    model: Path,
    on: OnCore,
    versus_full: bool,
    proof: bool,
    labels: Path | None,
    passes: PassOptions,
    as_json: bool,
) -> None:
    """Show the layers of MODEL (.tflite or .keras) with their multiply-accumulates and bytes."""
    graph = read_network(model)
    if versus_full:
        _compare(model.name, graph, as_json=as_json)
        return
    made = _optimized(graph, passes)
    named = read_labels(labels) if labels is not None else ()
    check_labels(graph, named)
    if made is None and (on.core_name is not None or proof):
        option = "--proof" if proof else "--core"
        raise UnsupportedError(f"{model.name} is a float model, {option} is for int8 ones", QUANTIZE_FIRST)
    if made is not None and on.core_name is not None:
        _kernels(model.name, made.graph, on, as_json=as_json)
    elif as_json:
        fit = {} if on.board_name is None else {"fit": _fits(model, graph, on, passes).boards[0].as_json()}
        print_json({**_as_json(model, graph, made, proof=proof), **ends_of(graph, named), **fit})
    elif made is not None and proof:
        show_proof(model.name, prove(made))
    else:
        show_ends(graph, named)
        _show_all(model, graph, made)
        if on.board_name is not None:
            show_one_fit(_fits(model, graph, on, passes))


def _fits(model: Path, graph: Graph, on: OnCore, passes: PassOptions) -> Fits:
    return fits_of(model.name, graph, passes, [board(on.board_name or "")], Placement(ram_code=on.ram_code))


def _compare(name: str, graph: Graph, *, as_json: bool) -> None:
    if as_json:
        print_json({"model": name, **compared(graph)})
    else:
        show_versus_full(name, graph)


def _kernels(name: str, graph: Graph, on: OnCore, *, as_json: bool) -> None:
    target = on.target
    cost = cost_on(name, graph, target)
    if as_json:
        print_json(cost.as_json())
    else:
        show_kernels(name, target, cost, on.clock, on.flash_factor)


def _as_json(model: Path, graph: Graph, made: Optimized | None, *, proof: bool) -> dict[str, Any]:
    rows = [_row(graph, node) for node in graph.nodes]
    proofs = [p.as_json() if proof else p.summary() for p in (prove(made) if made is not None else ())]
    totals = _totals(graph, made)
    return {
        "model": model.name,
        "layers": rows,
        **totals,
        "proof": proofs,
        "notes": list(graph.notes),
    }


def _show_all(model: Path, graph: Graph, made: Optimized | None) -> None:
    _show(model, [_row(graph, node) for node in graph.nodes], _totals(graph, made))
    for note in graph.notes:
        out().print(f"note: {note}", soft_wrap=True)
    if made is None:
        small = quoted(f"{model.stem}_int8.tflite")
        out().print(f"next: depthwise quantize {quoted(model)} -o {small} --data FOLDER", soft_wrap=True)


def _show(model: Path, rows: list[dict[str, Any]], totals: dict[str, Any]) -> None:
    shown = table(
        f"{model.name}: {totals['macs']:,} MACs, {totals['weight_bytes']:,} bytes of weights",
        ("layer", "right"),
        ("operator", "left"),
        ("output", "left"),
        ("kernel", "left"),
        ("MACs", "right"),
        ("weights", "right"),
        ("activations", "right"),
    )
    for row in rows:
        numbers = (f"{row[key]:,}" if row[key] else "" for key in ("macs", "weight_bytes", "activation_bytes"))
        shown.add_row(str(row["layer"]), row["operator"], row["output"], row["kernel"], *numbers)
    out().print(shown)
    if totals["ram_bytes"] is not None:
        out().print(f"\nRAM for activations, input rows included: {totals['ram_bytes']:,} bytes")
        out().print(
            f"Exact passes leave {totals['macs_left']:,} MACs and {totals['weight_bytes_left']:,} bytes of weights "
            "(--proof shows why)"
        )


def _row(graph: Graph, node: Node) -> dict[str, Any]:
    return {
        "layer": node.layer,
        "operator": node.op.kind,
        "output": shape_text(graph.output_of(node).shape),
        "kernel": _kernel(graph, node),
        "macs": macs(graph, node),
        "weight_bytes": weight_bytes(graph, node),
        "activation_bytes": activation_bytes(graph, node),
    }


def _kernel(graph: Graph, node: Node) -> str:
    operator = operator_of(node.op)
    if operator.window is None or operator.weights is None:
        return ""
    window = operator.window(graph, node)
    stride = "" if window.stride == (1, 1) else f" /{window.stride[0]}"
    return f"{window.kernel[0]}x{window.kernel[1]}{stride}"


def _optimized(graph: Graph, options: PassOptions) -> Optimized | None:
    """The network behind the passes; None for a float model, which has nothing to prove yet."""
    return None if is_float(graph) else optimize(graph, options)


def _totals(graph: Graph, made: Optimized | None) -> dict[str, Any]:
    return {
        "macs": total_macs(graph),
        "weight_bytes": total_weight_bytes(graph),
        "ram_bytes": state_bytes(choose(made.graph)) if made is not None else None,
        "macs_left": total_macs(made.graph) if made is not None else None,
        "weight_bytes_left": total_weight_bytes(made.graph) if made is not None else None,
    }
