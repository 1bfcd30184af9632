"""What a manifest says of the channels that were held against the operator's rounding when code was generated."""

import json
from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.operators import Activation
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from tests.support.dsp_networks import separable_chain


@pytest.mark.parametrize("name", ["netduinoplus2", "mps2-m0plus", "mps2-m3", "mps3-m55", "rv32-virt"])
def test_channels_of_layers_on_a_line_are_proven_and_no_others(name: str, tmp_path: Path) -> None:
    found = {}
    for activation in (Activation.RELU, Activation.NONE):
        model = tmp_path / f"{activation.name}.tflite"
        model.write_bytes(write_model(separable_chain(9, activation)))
        export(model, tmp_path / activation.name, ExportOptions(board=board(name)))
        layers = json.loads((tmp_path / activation.name / "manifest.json").read_text())["layers"]
        assert all(layer["channels_proven"] in {0, layer["shape"][-1]} for layer in layers)
        found[activation] = sum(layer["channels_proven"] for layer in layers)
    assert found[Activation.NONE] == 0
    assert (found[Activation.RELU] > 0) == (name != "rv32-virt")
