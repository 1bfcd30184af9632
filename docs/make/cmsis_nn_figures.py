"""Figures of CMSIS-NN in docs/results/cmsis-nn.json: networks of one layer, and models layer by layer.

They are measured again where $DEPTHWISE_CMSIS_NN names its checkout, else they stay as they are.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.passes.optimize import lower
from depthwise.host.verify.inputs import generated_inputs
from tests.support.conformance.harness import given_to
from tests.support.models import FOLDER
from tests.support.operator_networks import NETWORKS, operator_network

from .bench_tables import NAMES
from .cmsis_nn import SOURCES, CmsisLayer, Given, cmsis_nn_counts, written_layers
from .operator_flash import their_flash
from .pages import RESULTS

Row = dict[str, Any]
FIGURES: Final = RESULTS / "cmsis-nn.json"
SEED: Final = 0
# Where instructions are counted besides.
OTHERS: Final = ("mps2-m0plus", "mps2-m3")
COMPILER: Final = "arm-none-eabi-gcc"


def operator_figures(plugin: Path | None) -> Row:
    """All figures, those of the networks of docs/results/operators-speed.md measured where the folder is named."""
    return _measured("operators", _operators, plugin)


def model_figures(plugin: Path | None) -> Row:
    """All figures, those of the models measured where the folder is named."""
    return _measured("models", _models, plugin)


def _measured(part: str, measure: Callable[[Path], Row], plugin: Path | None) -> Row:
    known: Row = json.loads(FIGURES.read_text())
    if SOURCES is None or plugin is None:
        return known
    found = known | version(Path(SOURCES)) | {part: measure(plugin)}
    FIGURES.write_text(json.dumps(found, indent=1) + "\n")
    return found


def version(folder: Path) -> Row:
    """Commit of the checkout, its date, and the compiler. Raises ToolError for a folder that is no checkout."""
    git = ["git", "-C", str(folder), "log", "-1", "--format=%H %cs"]
    told = subprocess.run(git, check=False, capture_output=True, text=True)
    if told.returncode:
        raise ToolError(f"{folder} is no checkout of CMSIS-NN: {told.stderr.strip()}", "clone it with git")
    compiler = subprocess.run([COMPILER, "--version"], check=True, capture_output=True, text=True).stdout
    commit, date = told.stdout.split()
    return {"commit": commit, "date": date, "compiler": compiler.splitlines()[0]}


def one_layer(name: str) -> Given:
    """A network of one layer and its first input, as operator_counts.py counts ours."""
    graph = operator_network(name, SEED)
    return lower(graph), {tensor: values[:1] for tensor, values in given_to(graph, SEED).items()}


def _operators(plugin: Path) -> Row:
    with tempfile.TemporaryDirectory() as scratch:
        written = written_layers([one_layer(name) for name in NETWORKS])
        found = cmsis_nn_counts(written, plugin, Path(scratch) / "project")
        flash = their_flash(written, Path(scratch) / "flash")
    taken = zip(NETWORKS, found, flash, strict=True)
    return {name: {**_sum(layers), "flash_bytes": most} for name, layers, most in taken if layers}


def _models(plugin: Path) -> Row:
    return {name: _model(FOLDER / f"{name}.tflite", plugin) for name in NAMES.values()}


def _model(path: Path, plugin: Path) -> Row:
    """Every layer that computes: RESHAPE costs nothing."""
    graph = lower(read_model(path))
    _, given = next(generated_inputs(graph, 1, seed=SEED))
    written = written_layers([(graph, given)])
    with tempfile.TemporaryDirectory() as scratch:
        (found,) = cmsis_nn_counts(written, plugin, Path(scratch) / "project")
        (flash,) = their_flash(written, Path(scratch) / "flash")
        others = {board: cmsis_nn_counts(written, plugin, Path(scratch) / board, board)[0] for board in OTHERS}
    left = {n.op.kind for n in graph.nodes} - {one.node.op.kind for one in found}
    assert left <= {"RESHAPE"}, left
    layers = [{"layer": one.node.layer, "operator": one.node.op.kind, **_sum([one])} for one in found]
    counted = {board: _without_cycles(of) for board, of in others.items()}
    return {**_sum(found), "flash_bytes": flash, "layers": layers, "others": counted}


def _without_cycles(found: list[CmsisLayer]) -> Row:
    """They are modelled for the Cortex-M4 alone."""
    return {key: _sum(found)[key] for key in ("instructions", "exact")}


def _sum(layers: list[CmsisLayer]) -> Row:
    return {
        "instructions": sum(one.instructions for one in layers),
        "cycles": sum(one.cycles for one in layers),
        "buffer_bytes": max(one.scratch_bytes for one in layers),
        "exact": all(one.exact for one in layers),
    }
