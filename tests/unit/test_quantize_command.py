"""`depthwise quantize` as its user meets it: images and arrays in, one whole file out, or one clear error."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from PIL import Image

from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import DType, Graph
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.project.whole_file import write_whole
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.host.data.calibration import DataOptions, data_from, noise
from tests.support.collapse import float_digits, shifted_digits, unbalanced
from tests.support.commands import call
from tests.support.float_networks import images, in_floats, mobilenet
from tests.support.labelled import digit_arrays
from tests.support.network_builder import Builder
from tests.support.port_networks import named

SIDE = 16


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "small.tflite"
    path.write_bytes(write_model(mobilenet(side=SIDE)))
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    rng = np.random.default_rng(0)
    for i in range(6):
        (folder / f"class{i % 2}").mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"class{i % 2}" / f"{i}.{'png' if i % 3 else 'jpg'}")
    return folder


def quantize(model: Path, *more: object) -> Result:
    return call("quantize", model, "-o", model.with_name("out.tflite"), *more)


def test_a_folder_of_images_quantizes_a_model(model: Path, pictures: Path) -> None:
    done = quantize(model, "--data", pictures, "--range", "-1..1", "--layer-costs")
    assert done.exit_code == 0
    assert "layers that cost most" in done.output
    assert "collapsed" not in done.stderr
    assert "largest output the same for" in done.output
    assert f"next: depthwise export {model.with_name('out.tflite')} -b BOARD" in done.output
    graph = read_model(model.with_name("out.tflite"))
    q = graph.tensors[graph.inputs[0]].quantization
    assert q is not None
    assert q.scale == pytest.approx(2 / 255, rel=0.02)
    assert q.zero_point == pytest.approx(0, abs=3)


def test_the_report_is_json_with_every_layer(model: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", images(mobilenet(), 20, 1))
    np.save(tmp_path / "y.npy", images(mobilenet(), 10, 2))
    arguments = (
        "--data",
        tmp_path / "x.npy",
        "--evaluate",
        tmp_path / "y.npy",
        "--report",
        tmp_path / "r.json",
        "--layer-costs",
    )
    printed = json.loads(quantize(model, *arguments, "--layer-costs", "--json").output)
    assert printed == json.loads((tmp_path / "r.json").read_text())
    assert (printed["calibration_inputs"], printed["inputs"], printed["measured_on"]) == (20, 10, "y.npy")
    assert all(min(layer["alone_int8_db"], layer["alone_float_db"]) > 0 for layer in printed["layers"])
    assert [layer["operator"] for layer in printed["layers"]] == [n.op.kind for n in mobilenet().nodes]
    assert printed["bytes"] == model.with_name("out.tflite").stat().st_size


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_the_ends_may_be_of_another_type(model: Path, tmp_path: Path, dtype: str) -> None:
    np.save(tmp_path / "x.npy", images(mobilenet(), 20, 1))
    quantize(model, "--data", tmp_path / "x.npy", "--io", dtype)
    graph = read_model(model.with_name("out.tflite"))
    assert {graph.tensors[i].dtype for i in (*graph.inputs, *graph.outputs)} == {DType(dtype)}


def test_techniques_can_be_chosen(model: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", images(mobilenet(), 20, 1))
    files = set()
    ways = [("--calibration", how) for how in ("minmax", "measured")]
    for more in ((), ("--no-equalize",), ("--no-bias-correction",), ("--adaptive-rounding",), *ways):
        assert quantize(model, "--data", tmp_path / "x.npy", "--force", *more).exit_code == 0
        files.add(model.with_name("out.tflite").read_bytes())
    assert len(files) == 6


def test_a_collapse_is_reported_with_the_layer_that_causes_it(tmp_path: Path) -> None:
    model = tmp_path / "spoiled.tflite"
    model.write_bytes(write_model(unbalanced(float_digits(), 10, 3)))
    np.save(tmp_path / "x.npy", shifted_digits(3, 1))
    done = quantize(model, "--data", tmp_path / "x.npy", "--no-equalize", "--calibration", "minmax")
    assert done.exit_code == 0
    assert "collapsed: layer" in done.stderr
    assert "collapsed" not in quantize(model, "--data", tmp_path / "x.npy", "--force").stderr


def refused(done: Result, *words: str) -> None:
    assert done.exit_code == 2
    for word in words:
        assert word in done.stderr.replace("\n", " ")


def test_without_data_it_says_what_to_give(model: Path) -> None:
    refused(quantize(model), "nothing to calibrate with", "--data FOLDER", "--random")


def test_noise_is_taken_on_request_with_a_warning(model: Path) -> None:
    done = quantize(model, "--random", "--limit", "8")
    assert done.exit_code == 0
    assert "warning: calibrated on noise" in done.stderr


def test_images_need_their_range_said(model: Path, pictures: Path) -> None:
    refused(quantize(model, "--data", pictures), "is an image", "--range 0..1, -1..1 or 0..255")


def test_images_of_another_size_are_refused_or_scaled(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    Image.new("RGB", (40, 30)).save(folder / "a.png")
    refused(quantize(model, "--data", folder, "--range", "0..1"), "a.png is 40x30", "takes 16x16", "--resize")
    assert quantize(model, "--data", folder, "--range", "0..1", "--resize").exit_code == 0


def test_a_file_that_is_there_is_kept(model: Path, pictures: Path) -> None:
    model.with_name("out.tflite").write_bytes(b"precious")
    refused(quantize(model, "--data", pictures, "--range", "0..1"), "is there already", "--force")
    assert model.with_name("out.tflite").read_bytes() == b"precious"


def test_a_failure_leaves_nothing_behind(model: Path, pictures: Path, tmp_path: Path) -> None:
    (pictures / "zzz.png").write_bytes(b"no image")
    refused(quantize(model, "--data", pictures, "--range", "0..1"), "cannot read image", "zzz.png")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pictures", "small.tflite"]


def test_a_folder_that_is_not_there_is_named(model: Path, pictures: Path, tmp_path: Path) -> None:
    refused(call("quantize", model, "-o", tmp_path / "no" / "out.tflite", "--random"), "there is no folder")
    refused(quantize(model, "--data", tmp_path / "gone"), "there is no")
    (tmp_path / "empty").mkdir()
    refused(quantize(model, "--data", tmp_path / "empty"), "holds no images")
    refused(quantize(model, "--data", pictures, "--random"), "exclude each other")


@pytest.mark.parametrize("value", ["1..0", "0-1", "a..b", "0..inf"])
def test_a_range_that_is_none_is_a_usage_error(model: Path, value: str) -> None:
    assert quantize(model, "--random", "--range", value).exit_code == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((3, 8, 8, 3), np.float32), r"\(3, 8, 8, 3\).*N, 16x16x3"),
        (np.zeros((2, SIDE, SIDE, 3), np.int8), "holds int8"),
        (np.zeros((2, SIDE, SIDE, 3), np.uint8), "holds pixels"),
        (np.array([{}]), "cannot read"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, values: np.ndarray, message: str) -> None:
    np.save(tmp_path / "x.npy", values, allow_pickle=True)
    with pytest.raises(InputError, match=message):
        data_from(mobilenet(), tmp_path / "x.npy", DataOptions())


def test_pixels_of_an_array_are_brought_into_the_range(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.full((2, SIDE, SIDE, 3), 255, np.uint8))
    data = data_from(mobilenet(), tmp_path / "x.npy", DataOptions((-1.0, 1.0)))
    (batch,) = data.batches(4)
    assert batch.shape == (2, SIDE, SIDE, 3)
    assert (batch == 1).all()


def test_a_limit_takes_inputs_evenly_from_all(tmp_path: Path) -> None:
    values = np.arange(10, dtype=np.float32).reshape(10, 1, 1, 1) * np.ones((1, SIDE, SIDE, 3), np.float32)
    np.save(tmp_path / "x.npy", values)
    data = data_from(mobilenet(), tmp_path / "x.npy", DataOptions(limit=3))
    assert [float(b.mean()) for b in data.batches(1)] == [0, 3, 6]


def test_noise_is_the_same_each_time() -> None:
    data = noise(mobilenet(), DataOptions((0.0, 2.0), limit=3))
    first, second = np.concatenate(list(data.batches(2))), np.concatenate(list(data.batches(3)))
    np.testing.assert_array_equal(first, second)
    assert 0 <= first.min() < 0.1
    assert 1.9 < first.max() <= 2


def test_without_pillow_the_error_names_the_extra(model: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    refused(quantize(model, "--data", pictures, "--range", "0..1"), "pip install 'depthwise[images]'")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "x"
    write_whole(target, b"one")
    write_whole(target, b"two")
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
    with pytest.raises(InputError, match="cannot write"):
        write_whole(tmp_path / "no" / "x", b"three")


def two_ends() -> Graph:
    """Two inputs and two outputs, in real numbers."""
    b = Builder(9)
    left, right = b.input(1, 6, 5, 2), b.input(1, 6, 5, 2)
    both = b.add(b.conv(left, 4), b.conv(right, 4))
    graph = b.finish("two", b.conv(both, 2, (1, 1)), b.dense(b.mean(both), 3))
    return in_floats(named(graph, {left: "serving_default_left:0", right: "right"}))


def test_a_network_of_several_inputs_and_outputs_is_quantized_by_an_npz_file(tmp_path: Path) -> None:
    (tmp_path / "two.tflite").write_bytes(write_model(two_ends()))
    rng = np.random.default_rng(1)
    left, right = (rng.standard_normal((40, 6, 5, 2)).astype(np.float32) for _ in range(2))
    np.savez(tmp_path / "x.npz", left=left, right=3 * right)
    said = call(
        "quantize", tmp_path / "two.tflite", "-o", tmp_path / "q.tflite", "--data", tmp_path / "x.npz", "--json"
    )
    assert said.exit_code == 0, said.stderr
    found = json.loads(said.stdout)
    assert (found["calibration_inputs"], found["inputs"]) == (40, 40)
    assert found["logits_sqnr_db"] > 20
    made = read_model(tmp_path / "q.tflite")
    scales = [quantization_of(made.tensors[i]).scale for i in made.inputs]
    assert 2 < scales[1] / scales[0] < 4
    assert len(made.outputs) == 2


def test_what_does_not_fit_several_inputs_is_refused_with_the_names_that_would(tmp_path: Path) -> None:
    (tmp_path / "two.tflite").write_bytes(write_model(two_ends()))
    np.savez(tmp_path / "x.npz", left=np.zeros((4, 6, 5, 2), np.float32))
    np.save(tmp_path / "x.npy", np.zeros((4, 6, 5, 2), np.float32))
    for data, wanted in (
        ("x.npy", "x.npy is no .npz file, two has 2 inputs"),
        ("x.npz", "there are arrays left, no right"),
        ("none.npz", "no such file"),
    ):
        said = call("quantize", tmp_path / "two.tflite", "-o", tmp_path / "q.tflite", "--data", tmp_path / data)
        assert said.exit_code == 2
        assert wanted in said.stderr


@pytest.fixture
def digits_by_class(tmp_path: Path) -> Path:
    return digit_arrays(tmp_path / "by-class")


def test_labelled_folders_give_the_accuracy_of_both_networks(tmp_path: Path, digits_by_class: Path) -> None:
    """That of the int8 network is what the golden model answers, input by input."""
    model = tmp_path / "digits.tflite"
    model.write_bytes(write_model(float_digits()))
    given = ("--data", digits_by_class, "--evaluate", digits_by_class)
    made = json.loads(quantize(model, *given, "--json").stdout)["evaluation"]
    files = sorted(digits_by_class.rglob("*.npy"))
    graph = read_model(model.with_name("out.tflite"))
    levels = quantized_input(graph, np.stack([np.load(file) for file in files]))
    found = run(graph, levels)[graph.outputs[0]].reshape(len(files), -1).argmax(axis=1)
    counts = np.zeros((10, 10), int)
    np.add.at(counts, ([int(file.parent.name) for file in files], found), 1)
    assert made["int8"]["counts"] == counts.tolist()
    assert made["float"]["of"] == made["int8"]["of"] == len(files)
    assert made["float"]["accuracy"] >= 0.9
    assert made["next"] == ""


def test_labels_say_which_folder_is_which_score(tmp_path: Path, digits_by_class: Path) -> None:
    """Reversed names: hardly anything is right, and the next step says why."""
    model, labels = tmp_path / "digits.tflite", tmp_path / "labels.txt"
    model.write_bytes(write_model(float_digits()))
    labels.write_text("\n".join(map(str, reversed(range(10)))))
    given = ("--data", digits_by_class, "--evaluate", digits_by_class, "--labels", labels)
    done = quantize(model, *given)
    assert "no better than guessing" in done.output
    assert "--labels FILE" in done.output
    (digits_by_class / "3").rename(digits_by_class / "three")
    refused(quantize(model, *given, "--force"), "folder three is no label, these are 9, 8")


def test_folders_that_are_not_the_classes_are_told_of(model: Path, pictures: Path) -> None:
    done = quantize(model, "--data", pictures, "--evaluate", pictures, "--range", "0..1")
    assert done.exit_code == 0
    assert "2 folders, the network tells" in " ".join(done.stderr.split())
