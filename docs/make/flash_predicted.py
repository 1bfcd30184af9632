"""How far predicted waiting for flash is off: networks and layers behind flash of several kinds, measured by m4art.

Part of flash_waits.py; the figures are in docs/results/flash_waits.json, which a test holds the prediction to.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import Board, core_of
from depthwise.host.api.cost import cost_on
from depthwise.host.build import build
from depthwise.host.project import Project, open_project
from tests.support.dsp_networks import separable_chain
from tests.support.models import FOLDER
from tests.support.networks import random_network

from .bench_tables import NAMES
from .flash_runs import waited_behind
from .flash_settings import CHIPS, OTHER, PLACED_ON, arguments, behind
from .layers import called, logged_steps, plan_of

Row = dict[str, Any]
MODELS: Final = tuple(NAMES.values())
WIDTHS: Final = (7, 11)
SEEDS: Final = range(300, 303)
CHIP: Final = behind(CHIPS[PLACED_ON])
WIDE: Final = behind(CHIPS[OTHER])
# Others than those chips': fewer wait states, wider lines, other caches and none, code in RAM.
SETTINGS: Final[dict[str, Board]] = {
    "5 ws, 64 bit, 1 KB + 256": CHIP,
    "5 ws, 128 bit, 1 KB + 128": WIDE,
    "3 ws, 64 bit, 1 KB + 256": replace(CHIP, flash_wait_states=3),
    "2 ws, 128 bit, 1 KB + 128": replace(WIDE, flash_wait_states=2),
    "5 ws, 128 bit, 4 KB + 1 KB": replace(WIDE, flash_instruction_cache_bytes=4096, flash_data_cache_bytes=1024),
    "2 ws, 128 bit, 2 KB, no data": replace(
        WIDE, flash_wait_states=2, flash_instruction_cache_bytes=2048, flash_data_cache_bytes=0, flash_prefetch=0
    ),
    "2 ws, 64 bit, prefetch alone": replace(
        CHIP, flash_wait_states=2, flash_instruction_cache_bytes=0, flash_data_cache_bytes=0
    ),
}
LAYERED: Final = tuple(SETTINGS)[:2]
SHARE: Final = 0.01  # of a network's cycles; layers of less are left out
PREDICTED: Final = """
## Predicted waiting
What `inspect`, `plan` and `fit` predict of waiting behind a board's flash, and what a layer's kernel is chosen by:
{networks} measurements, of {models} models and of generated networks, behind {settings} kinds of flash, each with code
made for it. *Waits*: of cycles that are waited for, as a part of the measured time. *Time*: all predicted cycles
against all measured ones, so what is predicted of executed cycles is in it. Layers are those of 1 % or more of the
MLPerf Tiny networks, behind the two chips above. The most that a network's waits were off is {worst_waits:.1%} of its
time. `docs/results/flash_waits.json` has every measurement.

| off by | half | nine of ten | worst |
|---|---|---|---|
"""


def measured_waits(plugin: Path, scratch: Path) -> list[Row]:
    """Every network behind every setting."""
    found = []
    for at, (name, path) in enumerate(networks(scratch)):
        for number, setting in enumerate(SETTINGS):
            with suppress(UnsupportedError):  # a generated network may have nothing left to compute
                found.append(row_of(name, path, setting, plugin, scratch / f"w{at}-{number}"))
    return found


def networks(scratch: Path) -> Iterator[tuple[str, Path]]:
    """Models and generated networks by name: their files."""
    yield from ((model, FOLDER / f"{model}.tflite") for model in MODELS)
    for name, graph in generated().items():
        path = scratch / f"{name}.tflite"
        path.write_bytes(write_model(graph))
        yield name, path


def generated() -> dict[str, Graph]:
    """Networks by name that no model was fitted to."""
    chains = {f"separable_{width}": separable_chain(width, Activation.RELU) for width in WIDTHS}
    return {**chains, **{f"random_{seed}": random_network(seed) for seed in SEEDS}}


def row_of(name: str, path: Path, setting: str, plugin: Path, folder: Path) -> Row:
    """What is measured and predicted of a network."""
    target = SETTINGS[setting]
    export(path, folder, ExportOptions(board=target))
    project = open_project(folder)
    build(project)
    parts = waited_behind(project, plugin, target.flash)
    executed, waits = parts["cycles"] + parts["align"], parts["istall"] + parts["dstall"]
    predicted = predicted_of(project.graph, target)
    layers = layered(path, setting, plugin, folder) if setting in LAYERED and name in MODELS else []
    return {"network": name, "flash": setting, "executed": executed, "waits": waits, **predicted, "layers": layers}


def predicted_of(graph: Graph, target: Board) -> Row:
    """Predicted cycles of a network behind the exact passes."""
    cost = cost_on(graph.name, graph, core_of(target))
    return {"predicted_executed": cost.cycles, "predicted_waits": cost.wait_cycles}


def layered(path: Path, setting: str, plugin: Path, folder: Path) -> list[Row]:
    """The same of each layer, from a trace build."""
    target, traced = SETTINGS[setting], folder.with_name(f"{folder.name}-trace")
    export(path, traced, ExportOptions(board=target, trace=True))
    project = open_project(traced)
    build(project)
    counts = layer_waits(project, plugin, target)
    measured = [{"layer": n, "executed": executed, "waits": waits} for n, (executed, waits) in counts.items()]
    return with_layers(measured, project.graph, target)


def with_layers(measured: list[Row], graph: Graph, target: Board) -> list[Row]:
    """Layers with what is predicted of them."""
    costs = {row["layer"]: row for row in cost_on(graph.name, graph, core_of(target)).layers}
    names = {"predicted_executed": "cycles", "predicted_waits": "wait_cycles"}
    return [{**row, **{name: costs[row["layer"]][key] for name, key in names.items()}} for row in measured]


def layer_waits(project: Project, plugin: Path, target: Board) -> dict[int, tuple[int, int]]:
    """Executed cycles and those waited for of each layer of a trace build, by its number in the model."""
    log = logged_steps(project, plugin, f",{arguments(target.flash)}")
    pattern = r"cycles=(\d+) align=(\d+) istall=(\d+) dstall=(\d+)"
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    counted = (tuple(map(int, numbers)) for numbers in re.findall(pattern, log.read_text()))
    for node, (cycles, align, istall, dstall) in zip(called(plan_of(project)), counted, strict=True):
        executed, waits = found[node.layer]
        found[node.layer] = executed + cycles + align, waits + istall + dstall
    return dict(found)


def waits_off(row: Row) -> float:
    """By how much predicted waits are off, as a part of the measured time."""
    off: float = (row["predicted_waits"] - row["waits"]) / (row["executed"] + row["waits"])
    return off


def time_off(row: Row) -> float:
    """By how much the predicted time is off, as a part of the measured one."""
    predicted = row["predicted_executed"] + row["predicted_waits"]
    off: float = predicted / (row["executed"] + row["waits"]) - 1
    return off


def large_layers(row: Row) -> list[Row]:
    """Layers that take a part of the network's cycles that counts."""
    return [layer for layer in row["layers"] if layer["executed"] >= SHARE * row["executed"]]


def predicted_text(rows: list[Row]) -> str:
    """The page's part."""
    layers = [layer for row in rows for layer in large_layers(row)]
    real = [row for row in rows if row["network"] in MODELS]
    head = PREDICTED.format(
        networks=len(rows),
        models=len(MODELS),
        settings=len(SETTINGS),
        worst_waits=max(map(abs, map(waits_off, rows))),
    )
    lines = [
        _line("waits of MLPerf Tiny networks", sorted(abs(waits_off(row)) for row in real)),
        _line("waits of all networks", sorted(abs(waits_off(row)) for row in rows)),
        _line("time of MLPerf Tiny networks", sorted(abs(time_off(row)) for row in real)),
        _line("waits of layers", sorted(abs(waits_off(row)) for row in layers)),
        _line("time of layers", sorted(abs(time_off(row)) for row in layers)),
    ]
    return head + "".join(lines)


def _line(what: str, off: list[float]) -> str:
    return f"| {what} | {median(off):.1%} | {off[len(off) * 9 // 10]:.1%} | {off[-1]:.1%} |\n"
