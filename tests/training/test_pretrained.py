"""Weights to start from: taken layer after layer as far as the trunk is the same."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow comes with the train extra")

from depthwise.host.train.quiet import require_tensorflow

require_tensorflow()

from depthwise.codegen.errors import InputError
from depthwise.codegen.zoo.digits import digits
from depthwise.host.train.keras_network import keras_model
from depthwise.host.train.pretrained import pretrained, take_trunk


def test_a_trunk_is_taken_up_to_the_first_layer_of_another_shape(tmp_path: Path) -> None:
    """Of a network of three classes all but the last layer fits one of two; of a wider one nothing does."""
    known, model = keras_model(digits(0.5, 8, 3)), keras_model(digits(0.5, 8, 2), scores=False)
    known.save(tmp_path / "known.keras")
    head = model.get_layer("classes").get_weights()
    weighted = [layer for layer in model.layers if layer.get_weights() and layer.name != "classes"]
    given = pretrained(tmp_path / "known.keras")
    assert take_trunk(model, given) == len(weighted)
    for layer in weighted:
        for one, other in zip(layer.get_weights(), known.get_layer(layer.name).get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)
    for one, other in zip(model.get_layer("classes").get_weights(), head, strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(InputError, match=r"has a first layer Conv2D 3x3x1x\d+, the network's is Conv2D 3x3x1x\d+"):
        take_trunk(keras_model(digits(2.0, 8, 2)), given)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is no \.keras file"):
        pretrained(tmp_path / "weights.h5")
    with pytest.raises(InputError, match="cannot read"):
        pretrained(tmp_path / "none.keras")
    (tmp_path / "broken.keras").write_bytes(b"no archive")
    with pytest.raises(InputError, match="Keras cannot read"):
        take_trunk(keras_model(digits(0.5, 8, 2)), pretrained(tmp_path / "broken.keras"))
