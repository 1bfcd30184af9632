"""Writes docs/results/benchmarks.md and .json: every model on every core, counted on QEMU, beside its peers.

`make bench`. A firmware without trace runs one inference and its output is checked; the counting plugin (counting.py)
counts executed instructions, and models cycles on the Cortex-M4. A firmware with trace gives the same layer by layer
(layers.py), beside what `inspect --core cortex-m4` predicts.
"""

import json
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import DoesNotFitError, ToolError
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.predict import layer_cycles
from depthwise.codegen.operators.costs import macs
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import Board, board
from depthwise.codegen.targets.cores import core
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.models import FOLDER

from .bench_tables import NAMES, written
from .cmsis_nn_figures import model_figures
from .cmsis_nn_tables import peer
from .counting import address, compile_plugin, counts_in
from .layers import layer_counts
from .pages import RESULTS
from .peer_figures import PEERS, PUBLISHED

M4: Final = "netduinoplus2"
BOARDS: Final = (M4, "mps2-m0plus", "mps2-m3", "mps2-m7", "mps2-m33", "mps3-m55", "rv32-virt")
# Whose names do not end in _int8.
OTHERS: Final = ("micro_speech", "person_detect")
USUAL: Final = PassOptions()
Row = dict[str, Any]


def main() -> None:
    """Measure everything and write both files."""
    models = [MODEL, *sorted(FOLDER.glob("*_int8.tflite")), *(m for n in OTHERS for m in FOLDER.glob(f"{n}.tflite"))]
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch))
        rows = [r for b in BOARDS for m in models if (r := measured(m, b, plugin, Path(scratch))) is not None]
        layers = {m.stem: layered(m, plugin, Path(scratch)) for m in models} if plugin else {}
        theirs = model_figures(plugin)
        whole = measured(FOLDER / f"{NAMES['vww']}.tflite", M4, plugin, Path(scratch), PassOptions(rewrite=False))
    data: Row = {"conditions": conditions(), "results": rows, "layers": layers, "published": PUBLISHED}
    data |= {"cmsis_nn": theirs, "peers": [*PEERS[:2], peer(theirs, NAMES["vww"]), *PEERS[2:]]}
    data |= {"waiting": waiting(), "without_passes": whole["cycles"] if whole else 0}
    (RESULTS / "benchmarks.json").write_text(json.dumps(data, indent=1) + "\n")
    (RESULTS / "benchmarks.md").write_text(written(data))


def waiting() -> dict[str, int]:
    """Cycles behind the STM32L4R5's flash, as flash_waits.py counted them last."""
    found = json.loads((RESULTS / "flash.json").read_text())
    return {model: of["made for it"]["STM32L4R5, 120 MHz"] for model, of in found.items()}


def conditions() -> Row:
    """Versions of the tools that the figures depend on."""
    tools = ("arm-none-eabi-gcc", "riscv64-unknown-elf-gcc", "qemu-system-arm")
    return {tool: _first_line(tool) for tool in tools}


def _first_line(tool: str) -> str:
    return subprocess.run([tool, "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]


def measured(
    model: Path, board_name: str, plugin: Path | None, scratch: Path, passes: PassOptions = USUAL
) -> Row | None:
    """Run one inference of a model on a board and count; None where it does not fit."""
    folder = scratch / f"{board_name}-{model.stem}-{passes.rewrite}"
    try:
        export(model, folder, ExportOptions(board=unhindered(board_name), passes=passes))
        project = open_project(folder)
        sizes = build(project)
    except DoesNotFitError:
        return None
    begin, end = (address(project, n) for n in (f"{project.manifest['name']}_push_row", "dw_board_cycles"))
    log = folder / "counts.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x}") if plugin else ()
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 1, seed=0))
    if not verdict.equal:
        raise ToolError(f"{model.name} differs on {board_name}: {verdict.difference}")
    counts = counts_in(log)
    return {
        "model": model.stem,
        "board": board_name,
        "core": project.board.core,
        "flags": project.manifest["build_flags"],
        "macs": verdict.macs,
        "model_macs": sum(macs(project.reference, n) for n in project.reference.nodes),
        "instructions": sum(instructions for instructions, _ in counts),
        "cycles": sum(cycles for _, cycles in counts) if board_name == M4 else 0,
        "ram_bytes": sizes.library_ram_bytes,
        "stack_bytes": verdict.stack_bytes,
        "flash_bytes": sizes.library_flash_bytes,
    }


def unhindered(name: str) -> Board:
    """A board as QEMU runs it: nothing waits for flash (flash_waits.py has what does)."""
    return replace(board(name), flash_wait_states=0)


def layered(model: Path, plugin: Path, scratch: Path) -> list[Row]:
    """Counts of each layer on the Cortex-M4, and the predicted cycles."""
    folder = scratch / f"layers-{model.stem}"
    export(model, folder, ExportOptions(board=unhindered(M4), trace=True))
    project = open_project(folder)
    build(project)
    counts = layer_counts(project, plugin)
    return [_layer(project, layer, c.instructions, c.cycles) for layer, c in counts.items()]


def _layer(project: Project, layer: int, instructions: int, cycles: int) -> Row:
    graph = project.graph
    node = next(n for n in graph.nodes if n.layer == layer)
    kernels = choose_kernels(graph, core(project.board.core).families)
    return {
        "layer": layer,
        "operator": node.op.kind,
        "kernel": kernels.name(node),
        "macs": macs(graph, node),
        "instructions": instructions,
        "cycles": cycles,
        "predicted": layer_cycles(kernels.of(node)),
    }


if __name__ == "__main__":
    main()
