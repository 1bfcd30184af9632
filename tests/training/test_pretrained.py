"""Weights to start from: taken layer after layer as far as the trunk is the same."""

from pathlib import Path
from typing import Any
from urllib.error import URLError

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="TensorFlow comes with the train extra")

from depthwise.host.train.quiet import require_tensorflow

require_tensorflow()

import h5py
import tensorflow as tf
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

from depthwise.codegen.errors import InputError, ToolError
from depthwise.codegen.zoo.digits import digits
from depthwise.codegen.zoo.mobilenet_v1 import mobilenet_v1
from depthwise.host.train.fetched_trunk import fetched
from depthwise.host.train.keras_network import keras_model
from depthwise.host.train.pretrained import layers_of, pretrained, take_trunk
from depthwise.host.train.published_trunks import TRUNKS
from tests.support.arrays import assert_close
from tests.support.commands import call
from tests.support.make_keras_fixture import randomize
from tests.support.painted import painted


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
        pretrained(tmp_path / "broken.keras")


def test_weights_by_name_come_from_the_folder_of_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are, but for pixels 0…1: the stem gives the same away from the border, where grey is black."""
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path))  # what KERAS_HOME sets at the start
    theirs = tf.keras.applications.MobileNet((32, 32, 3), alpha=0.25, weights=None, include_top=False)
    randomize(theirs, 3)
    saved_as_published(theirs, tmp_path / "models" / "mobilenet_2_5_224_tf_no_top.h5")
    model = keras_model(mobilenet_v1(0.25, 32, 2), scores=False)
    given = fetched(TRUNKS["MobileNet"], 0.25, 32)
    assert take_trunk(model, given) == len(layers_of(theirs)) == len(layers_of(model)) - 1
    image = np.random.default_rng(1).random((1, 32, 32, 3), np.float32)
    stems = [m.get_layer(name).output for m, name in ((model, "stem_relu6"), (theirs, "conv1_relu"))]
    ours, wanted = (
        tf.keras.Model(m.inputs, stem).predict(x, verbose=0)
        for m, stem, x in zip((model, theirs), stems, (image, 2 * image - 1), strict=True)
    )
    assert_close(ours[:, :-1, :-1], wanted[:, :-1, :-1], atol=1e-4)


def test_a_training_starts_from_weights_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command does all but the download: the file lies where Keras keeps what it fetched."""
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path))
    theirs = tf.keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, weights=None, include_top=False)
    randomize(theirs, 4)
    name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
    saved_as_published(theirs, tmp_path / "models" / name)
    folder, kept = painted(tmp_path / "skies", 6), tmp_path / "skies.keras"
    weights = ("--weights", "keras:MobileNetV2", "--alpha", 0.35, "--resolution", 32, "--epochs", 1)
    done = call("train", "--images", folder, *weights, "-o", tmp_path / "skies.tflite", "--keras", kept)
    assert done.exit_code == 0, done.output
    assert pretrained_kinds(theirs) == pretrained_kinds(tf.keras.models.load_model(kept, compile=False))[:-1]
    ours, wanted = (
        [layer.weights[0] for layer in layers if layer.kind == "DepthwiseConv2D"]
        for layers in (pretrained(kept).layers, layers_of(theirs))
    )
    for one, other in zip(ours, wanted, strict=True):
        assert_close(one, other, atol=0.01)


def pretrained_kinds(model: Any) -> list[str]:
    return [layer.kind for layer in layers_of(model)]


def test_without_network_one_error_names_the_file_and_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise URLError(OSError(101, "Network is unreachable"))

    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path))
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", unreachable)
    with pytest.raises(ToolError, match=r"weights of MobileNet: .*mobilenet_2_5_224_tf_no_top\.h5") as told:
        fetched(TRUNKS["MobileNet"], 0.25, 32)
    assert "KERAS_HOME" in str(told.value.hint)


def saved_as_published(model: Any, path: Path) -> None:
    """As keras.applications publishes weights: HDF5, by layers in order."""
    path.parent.mkdir()
    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, model)
