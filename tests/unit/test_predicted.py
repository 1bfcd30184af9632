"""Predicted cycles against those that `make bench` counted."""

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
from tests.support.models import INT8_MODELS, model_path
from tests.support.places import ROOT

COUNTED: Final[dict[str, Any]] = json.loads((ROOT / "docs" / "results" / "benchmarks.json").read_text())


@pytest.mark.parametrize("name", ["digits", *INT8_MODELS])
def test_predicted_cycles_of_a_layer_are_within_15_percent_of_counted_ones(name: str) -> None:
    graph = optimize(read_model(MODEL if name == "digits" else model_path(name))).graph
    kernels = choose_kernels(graph, CORES["cortex-m4"].families)
    predicted = {n.layer: layer_cycles(kernels.of(n)) for n in steps(graph)}
    counted = {row["layer"]: row["cycles"] for row in COUNTED["layers"][name]}
    total = sum(counted.values())
    for layer, cycles in counted.items():
        if cycles >= total / 100:
            assert predicted[layer] == pytest.approx(cycles, rel=0.15), f"layer {layer}"
    assert sum(predicted[layer] for layer in counted) == pytest.approx(total, rel=0.1)
