"""A network that knows its pictures by heart is told from one that has learnt: in the text, and in the card."""

import json
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="TensorFlow comes with the train extra")

from depthwise.host.train.quiet import require_tensorflow

require_tensorflow()

from PIL import Image, ImageOps

from depthwise.host.train.training_data import folder_data
from tests.support.commands import call
from tests.support.painted import painted

SEED = 1


def test_classes_that_only_their_surroundings_tell_apart_fail_elsewhere_and_it_is_told(tmp_path: Path) -> None:
    """Training and validation pictures of a class have one background each, test pictures that of the other class."""
    folder, model = painted(tmp_path / "pets", 20), tmp_path / "pets.tflite"
    for name in folder_data(folder, 16, 3, SEED).test.names:
        with Image.open(folder / name) as opened:
            turned = ImageOps.flip(opened)
        turned.save(folder / name)
    options = ("--arch", "digits", "--resolution", 16, "--epochs", 20, "--seed", SEED, "-o", model)
    done = call("train", "--images", folder, *options)
    assert done.exit_code == 0, done.output
    card = json.loads(model.with_suffix(".json").read_text())
    assert card["measured"]["validation_int8"]["accuracy"] == 1
    assert card["measured"]["test_int8"]["right"] == 0
    told = {finding["text"]: finding["hint"] for finding in card["findings"]}
    gap = "100% of training pictures are right, 0% of test pictures"
    assert told[gap] == "add pictures, of other places, light and distance"
    assert told["0% of test pictures right is no better than guessing, 50%"].startswith(
        "it knows its training pictures"
    )
    assert f"look:  {gap}\nnext:  {told[gap]}" in done.output
