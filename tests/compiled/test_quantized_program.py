"""From a Keras file to a program that was verified, by the commands alone."""

import json
from pathlib import Path

import numpy as np

from tests.support.commands import call
from tests.support.places import FIXTURES


def test_a_keras_model_goes_all_the_way_to_a_verified_program(tmp_path: Path) -> None:
    with np.load(FIXTURES / "every_layer.npz") as stored:
        np.save(tmp_path / "x.npy", stored["images"])
    out, project = tmp_path / "every_layer.tflite", tmp_path / "project"
    assert call("quantize", FIXTURES / "every_layer.keras", "-o", out, "--data", tmp_path / "x.npy").exit_code == 0
    assert call("export", out, "-b", "host", "-o", project, "--trace").exit_code == 0
    assert call("build", project).exit_code == 0
    found = json.loads(call("verify", project, "--virtual", "--json").output)
    assert found["equal"]
