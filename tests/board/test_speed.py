"""Speed as counted, never timed: instructions on virtual boards, and predictions against `make bench`."""

import json
from typing import Any, Final

import pytest

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.predict import layer_cycles
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import steps
from depthwise.codegen.targets.cores import CORES
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.models import INT8_MODELS, model_path
from tests.support.places import ROOT
from tests.support.projects import built

COUNTED: Final[dict[str, Any]] = json.loads((ROOT / "docs" / "results" / "benchmarks.json").read_text())
NANOSECONDS: Final = 8  # of an instruction, by QEMU's -icount shift=3
SYSTICK_HZ: Final = {"netduinoplus2": 168_000_000, "mps2-m0plus": 25_000_000}
MOST: Final = [
    ("vww_96_int8", "netduinoplus2", 1.75),
    ("kws_dscnn_int8", "netduinoplus2", 1.55),
    ("ic_resnet8_int8", "netduinoplus2", 1.30),
    ("vww_96_int8", "mps2-m0plus", 8.0),
]


@pytest.mark.board
@pytest.mark.parametrize(("model", "board_name", "most"), MOST)
def test_an_inference_takes_no_more_instructions_for_a_multiplication_than_it_did(
    model: str, board_name: str, most: float
) -> None:
    project = built(board_name, model_path(model), trace=False)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 1, seed=0))
    assert verdict.equal
    instructions = verdict.ticks * 1e9 / SYSTICK_HZ[board_name] / NANOSECONDS
    assert instructions / verdict.macs <= most


@pytest.mark.parametrize("name", ["digits", *INT8_MODELS])
def test_predicted_cycles_of_a_layer_are_within_15_percent_of_counted_ones(name: str) -> None:
    graph = optimize(read_model(MODEL if name == "digits" else model_path(name))).graph
    kernels = choose_kernels(graph, CORES["cortex-m4"])
    predicted = {n.layer: layer_cycles(kernels, graph, n) for n in steps(graph)}
    counted = {row["layer"]: row["cycles"] for row in COUNTED["layers"][name]}
    total = sum(counted.values())
    for layer, cycles in counted.items():
        if cycles >= total / 100:
            assert predicted[layer] == pytest.approx(cycles, rel=0.15), f"layer {layer}"
    assert sum(predicted[layer] for layer in counted) == pytest.approx(total, rel=0.1)
