"""Trying networks on pictures: the best is trained to the end, the others while they were among the better."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.commands import call
from tests.support.painted import painted

pytest.importorskip("tensorflow", reason="TensorFlow comes with the train extra")

from depthwise.host.train.quiet import require_tensorflow

require_tensorflow()

from depthwise.host.train.fit import Epoch
from depthwise.host.train.halving import best_of


def test_a_network_is_as_good_as_its_best_epoch_so_far() -> None:
    """By its last one the best of five networks was dropped, which had had a bad epoch."""
    epochs = [Epoch(1, 1.0, 0.5, 0.9), Epoch(2, 0.7, 0.8, 0.6), Epoch(3, 0.6, 0.9, 0.6), Epoch(4, 0.5, 0.6, 0.95)]
    assert best_of(epochs).number == 3
    assert best_of(epochs[:2]).number == 2


def test_without_an_architecture_networks_are_tried_and_the_best_is_written(tmp_path: Path) -> None:
    folder, model = painted(tmp_path / "skies"), tmp_path / "skies.tflite"
    given = ("--images", folder, "--resolution", "16", "--epochs", "4", "-b", "nucleo-f446re", "-o", model)
    result = call("train", *given)
    assert result.exit_code == 0, result.stderr
    card = json.loads(model.with_suffix(".json").read_text())
    assert [t["epochs"] for t in card["tried"]] == [4, 1]
    assert card["model"]["architecture"] == card["tried"][0]["architecture"]
    assert {"ram_needed", "flash_needed", "milliseconds", "validation_accuracy"} < card["tried"][0].keys()
    assert card["confusion"]["classes"].keys() == {"above", "below"}
    assert any("has 9 training pictures" in f["text"] for f in card["findings"])
    assert [e["number"] for e in card["curve"]] == [1, 2, 3, 4]
    assert card["data"]["varied"] == "mirrored"
    assert not model.with_suffix(".search").exists()
    chart = model.with_name("skies_training.png")
    assert chart.exists() == (find_spec("matplotlib") is not None)
    for told in ("learning", "kept", "networks tried", "what is taken for what", "look:", "next:"):
        assert told in result.output
