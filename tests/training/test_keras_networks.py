"""Networks of Keras, saved by Keras, compute what Keras does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from depthwise.codegen.floats import simplify
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.operators import Mul, Pad, Relu6
from depthwise.codegen.zoo.digits import digits
from tests.support.keras_scores import assert_scores


@pytest.mark.parametrize("name", ["MobileNet", "MobileNetV2", "digits"])
def test_networks_of_keras_compute_what_keras_does(tmp_path: Path, name: str) -> None:
    keras = pytest.importorskip("keras", reason="needs the extra `train`")
    from tests.support.make_keras_fixture import randomize  # noqa: PLC0415 — imports Keras

    model: Any
    if name == "digits":
        from depthwise.host.train.keras_network import keras_model  # noqa: PLC0415 — imports TensorFlow

        model = keras_model(digits())
    else:
        make = getattr(keras.applications, name)
        model = make(input_shape=(32, 32, 3), alpha=0.35 if name == "MobileNetV2" else 0.25, weights=None, classes=7)
    randomize(model, 3)
    model.save(tmp_path / "model.keras")
    images = np.random.default_rng(4).normal(size=(2, *model.input_shape[1:])).astype(np.float32)
    graph = read_network(tmp_path / "model.keras")
    assert_scores(graph, images, model.predict(images, verbose=0))
    assert not [n for n in simplify(graph).nodes if isinstance(n.op, Mul | Pad | Relu6)]
