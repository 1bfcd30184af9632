"""What training starts from, and clear words where something is missing. Needs no TensorFlow."""

import sys
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.errors import InputError
from depthwise.host.demo import MODEL, find_trained, load_digits, load_trained, pictures_path
from depthwise.host.train.training_data import folder_data
from tests.support.commands import call
from tests.support.painted import painted


def test_a_folder_of_classes_is_split_evenly_and_no_picture_is_in_two_parts(tmp_path: Path) -> None:
    data = folder_data(painted(tmp_path / "skies"), 16, 3, seed=4)
    assert data.classes == ("above", "below")
    parts = (data.training, data.validation, data.test)
    assert [np.bincount(p.labels).tolist() for p in parts] == [[9, 9], [1, 1], [2, 2]]
    everything = np.concatenate([p.images for p in parts])
    assert len(np.unique(everything.reshape(len(everything), -1), axis=0)) == len(everything) == 24
    assert data.shape == (16, 16, 3)
    assert everything.min() >= 0
    assert everything.max() <= 1


def test_every_epoch_sees_other_pictures_and_the_same_seed_the_same(tmp_path: Path) -> None:
    data = folder_data(painted(tmp_path / "skies"), 16, 1, seed=4)
    first, again, other = (data.varied(np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert first.shape == data.training.images.shape


@pytest.mark.parametrize(
    ("made", "words"),
    [(["a/x.png"], "1 folders with images"), (["a/x.png", "b/y.txt"], "1 folders"), ([], "0 folders")],
)
def test_a_folder_that_is_no_set_of_classes_is_refused(made: list[str], words: str, tmp_path: Path) -> None:
    for name in made:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    with pytest.raises(InputError, match=words):
        folder_data(tmp_path, 16, 3, seed=1)


def test_a_class_with_too_few_images_is_named(tmp_path: Path) -> None:
    painted(tmp_path / "few", of_each=3)
    with pytest.raises(InputError, match="class above has 3 images, each needs 5"):
        folder_data(tmp_path / "few", 16, 3, seed=1)


def test_an_image_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (painted(tmp_path / "skies") / "above" / "0.png").write_bytes(b"no image")
    with pytest.raises(InputError, match=r"above/0\.png"):
        folder_data(tmp_path / "skies", 16, 3, seed=1)


def test_without_tensorflow_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    result = call("train", "--digits")
    assert result.exit_code == 2
    assert "training needs TensorFlow" in result.stderr
    assert "pip install 'depthwise[train]'" in result.stderr


@pytest.mark.parametrize("given", [(), ("--digits", "--images", "x")])
def test_one_source_of_pictures_is_needed(given: tuple[str, ...]) -> None:
    result = call("train", *given)
    assert result.exit_code == 2
    assert "either --digits or --images" in result.stderr


def test_the_demo_finds_what_was_trained_in_this_folder_and_only_with_its_pictures(tmp_path: Path) -> None:
    assert find_trained(tmp_path) is None
    model = tmp_path / MODEL.name
    model.write_bytes(MODEL.read_bytes())
    assert find_trained(tmp_path) is None
    digits = load_digits()
    np.savez(pictures_path(model), images=digits.images, labels=digits.labels, classes=np.array(digits.classes))
    assert find_trained(tmp_path) == model
    assert load_trained(model).classes == digits.classes


def test_a_model_without_test_pictures_is_no_demo(tmp_path: Path) -> None:
    result = call("demo", "--model", tmp_path / "mine.tflite")
    assert result.exit_code == 2
    assert "mine_test.npz" in result.stderr
