"""Writes docs/results/esp32.md and .json: code of the ESP32 and ESP32-C3 counted on virtual boards, ESP-NN beside it.

`python -m docs.make.esp32`. With `--esp-nn FOLDER COMMIT DATE` the layers are counted by ESP-NN's generic C as well
(esp_nn.py); without, its figures stay as they are in the JSON.
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.predict import layer_instructions
from depthwise.codegen.operators.costs import macs, total_macs
from depthwise.codegen.passes import lower
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.schedule import steps
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import Core, core
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import Verdict
from tests.support.models import FOLDER
from tests.support.operator_networks import NETWORKS

from .calibrate_instructions import BOARDS, drawn, ticked
from .esp32_tables import written
from .esp_nn import esp_nn_counts
from .pages import RESULTS

Row = dict[str, Any]
PAGE: Final = RESULTS / "esp32.md"
DATA: Final = RESULTS / "esp32.json"
LAYERED: Final = ("kws_dscnn_int8", "vww_96_int8")
MODELS: Final = (*LAYERED, "ic_resnet8_int8", "ad01_int8")
OTHERS: Final = range(100, 101)


def main(given: Sequence[str] | None = None) -> None:
    """Count and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--esp-nn", nargs=3, metavar=("FOLDER", "COMMIT", "DATE"))
    peer = parser.parse_args(given).esp_nn
    known: Row = json.loads(DATA.read_text()) if DATA.exists() else {"peer": {}}
    models = [MODEL, *(FOLDER / f"{name}.tflite" for name in MODELS)]
    data: Row = {
        "compiler": _compiler(),
        "results": [measured(model, name) for name in BOARDS.values() for model in models],
        "errors": {name: error(name) for name in BOARDS},
        "peer": known["peer"] if peer is None else peer_counts(*peer),
    }
    DATA.write_text(json.dumps(data, indent=1) + "\n")
    PAGE.write_text(written(data))


def _compiler() -> str:
    told = subprocess.run(["clang-22", "--version"], check=True, capture_output=True, text=True).stdout
    return told.splitlines()[0]


def measured(model: Path, board_name: str) -> Row:
    """A model on a board: instructions of an inference, of each layer, and what was predicted."""
    plain, graph = _run(model, board_name, trace=False)
    traced = _run(model, board_name, trace=True)[0].layers if model.stem in LAYERED else ()
    predicted = _by_layer(graph, core(board(board_name).core))
    return {
        "model": model.stem,
        "board": board_name,
        "macs": plain.macs,
        "model_macs": total_macs(read_model(model)),
        "instructions": plain.ticks,
        "predicted": sum(predicted.values()),
        "layers": [{"layer": t.layer, "operator": t.operator, "macs": t.macs, "instructions": t.ticks} for t in traced],
    }


def _run(model: Path, board_name: str, *, trace: bool) -> tuple[Verdict, Graph]:
    with tempfile.TemporaryDirectory() as scratch:
        export(model, Path(scratch) / "p", ExportOptions(board=board(board_name), trace=trace))
        project = open_project(Path(scratch) / "p")
        build(project)
        with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
            verdict = verify(project, link, generated_inputs(project.graph, 1, seed=0))
    assert verdict.equal, str(verdict.difference)
    return verdict, project.graph


def _by_layer(graph: Graph, target: Core) -> dict[int, int]:
    """Predicted instructions, by the number of the layer."""
    kernels = choose_kernels(graph, target.families)
    return {n.layer: layer_instructions(target.instructions, kernels.of(n)) for n in steps(graph)}


def error(core_name: str) -> Row:
    """How far predictions are off for networks that no rate was fitted to."""
    networks = [(name, drawn(name, seed)) for seed in OTHERS for name in NETWORKS]
    found = ticked(networks, core(core_name))
    off = sorted(
        (abs(sum(_by_layer(one.case.plan.graph, one.case.core).values()) / one.instructions - 1), one.name)
        for one in found
    )
    sizes = [value for value, _ in off]
    worst, name = off[-1]
    middle, most = (float(np.quantile(sizes, part)) for part in (0.5, 0.9))
    return {"networks": len(off), "middle": middle, "nine_of_ten": most, "worst": worst, "worst_name": name}


def peer_counts(folder: str, commit: str, date: str) -> Row:
    """Layers of the models by ESP-NN, on each board."""
    found: Row = {"commit": commit, "date": date, "layers": []}
    for board_name in BOARDS.values():
        for name in LAYERED:
            graph = lower(read_model(FOLDER / f"{name}.tflite"))
            by_layer = {n.layer: n for n in graph.nodes}
            with tempfile.TemporaryDirectory() as scratch:
                counts = esp_nn_counts(graph, Path(folder), board_name, Path(scratch) / "p")
            assert all(one.exact for one in counts), name
            found["layers"] += [
                {
                    "board": board_name,
                    "model": name,
                    "layer": one.layer,
                    "operator": by_layer[one.layer].op.kind,
                    "macs": macs(graph, by_layer[one.layer]),
                    "instructions": one.instructions,
                }
                for one in counts
            ]
    return found


if __name__ == "__main__":
    main()
