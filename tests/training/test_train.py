"""Training: what comes out is what was measured, and twice the same. Needs the train extra."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.arrays import assert_close
from tests.support.commands import call

pytest.importorskip("tensorflow", reason="TensorFlow comes with the train extra")

from depthwise.host.train.quiet import require_tensorflow

require_tensorflow()

import tensorflow as tf
from sklearn.datasets import load_digits

from depthwise.codegen.errors import InputError
from depthwise.codegen.floats import run as run_floats
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.zoo.block_costs import cost
from depthwise.codegen.zoo.digits import digits
from depthwise.codegen.zoo.fomo import fomo
from depthwise.codegen.zoo.mobilenet_v3_small import mobilenet_v3_small
from depthwise.codegen.zoo.prune import groups, keep
from depthwise.codegen.zoo.spec import Architecture
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import he_weights
from depthwise.host.demo import load_trained
from depthwise.host.demo.digit_pictures import FORMS, forms, load_split
from depthwise.host.train import qat, recipe
from depthwise.host.train.fit import TrainingBudget, logits_of, softened
from depthwise.host.train.keras_network import folded, keras_model, load_weights
from depthwise.host.train.model_training import teacher_of, trained_model
from depthwise.host.train.narrow_model import narrow_model
from depthwise.host.train.prune_to_ram import pruned_to_ram
from depthwise.host.train.qat import aware
from docs.make.schema_of import mismatches, schema_of
from docs.make.schemas import committed
from tests.support.painted import painted, skies
from tests.support.zoo import SMALL

COLOUR_16 = ("--arch", "digits", "--resolution", 16, "--image-channels", 3)


def small() -> Architecture:
    return digits(0.5, 8, 2)


@pytest.mark.parametrize("aware_epochs", [0, 2])
def test_training_learns_and_the_same_seed_gives_the_same_bytes(aware_epochs: int) -> None:
    told: list[tuple[str, int, int]] = []

    def trained() -> Any:
        wanted = recipe.TrainingRecipe(small(), TrainingBudget(6, batch=8), aware_epochs)
        return recipe.train(skies(), wanted, lambda stage, epoch, of: told.append((stage, epoch.number, of)))

    first, again = trained(), trained()
    assert recipe.measure(first.graph, skies().test).accuracy >= 0.9
    assert write_model(first.graph) == write_model(again.graph)
    assert told[5] == ("training", 6, 6)
    assert len(told) == 2 * (6 + aware_epochs)


def test_a_teacher_is_trained_first_and_its_answers_soften_the_labels() -> None:
    stages: list[str] = []
    wanted = recipe.TrainingRecipe(small(), TrainingBudget(2), teacher=digits(1.0, 8, 2))
    recipe.train(skies(), wanted, lambda stage, _epoch, _of: stages.append(stage))
    assert stages == ["teacher", "teacher", "training", "training"]
    soft = softened(np.array([[0.9, 0.1]], np.float32), 2.0)
    assert_close(soft, [[0.75, 0.25]], atol=1e-6)


def test_the_graph_and_the_keras_model_are_one_network() -> None:
    """The same weights give the same scores, and cost the same parameters."""
    for given in SMALL:
        model, weights = keras_model(given), he_weights(given, 3)
        load_weights(model, given, weights)
        image = np.random.default_rng(0).random((2, *given.image), dtype=np.float32)
        graph = build_graph(given, weights)
        ours = run_floats(graph, image)[graph.outputs[0]]
        assert_close(ours, np.asarray(model(image, training=False)), atol=2e-5, of=given.name)
        back = folded(model, given)
        assert all(np.array_equal(back[name].kernel, weights[name].kernel) for name in weights)
        counted = sum(int(np.prod(v.shape)) for v in model.trainable_variables)
        assert counted == cost(given).parameters, given.name


def test_folding_a_trained_normalization_changes_no_score() -> None:
    model = trained_model(skies(), small(), TrainingBudget(2), None, lambda *_: None)
    graph = build_graph(small(), folded(model, small()))
    images = skies().test.images
    scores = run_floats(graph, images)[graph.outputs[0]]
    assert_close(scores, teacher_of(model)(images), atol=1e-5)


def test_a_pruned_model_is_the_pruned_graph() -> None:
    given = digits(1.0, 24)
    model = keras_model(given, scores=False)
    found = pruned_to_ram(given, folded(model, given), 1500)
    whole, image = build_graph(given, folded(model, given)), np.random.default_rng(4).random((2, 24, 24, 1), np.float32)
    leaders = {leader: whole.tensors[leader].name for leader in groups(whole)}
    pruned = keep(whole, {leader: len(found.kept[name]) for leader, name in leaders.items()})
    scores = teacher_of(narrow_model(model, given, found))(image)
    assert_close(scores, run_floats(pruned, image)[pruned.outputs[0]], atol=1e-6)


def test_rounding_in_training_is_the_rounding_of_int8() -> None:
    """One layer is at most a level off, where its sum is rounded once more; sixteen layers are little more."""

    given, images = small(), skies().test.images
    network = aware(given, he_weights(given, 2), images)
    graph = recipe.int8_of(network, build_graph(given, network.learnt()))
    values = run(graph, quantized_input(graph, images))
    (logits,) = (n.inputs[0] for n in graph.nodes if n.op.kind == "SOFTMAX")
    assert _levels_apart(graph, values, logits, logits_of(network.forward, images)) <= 8
    first, (low, high) = graph.nodes[0], network.spans["stem"]
    kernel, bias = network.learnt()["stem"].kernel, network.learnt()["stem"].bias
    alone = qat.rounded_kernel(np.moveaxis(kernel, 0, 3), (0, 1, 2))
    image = qat.rounded(images, *network.spans["image"])
    stem = qat.rounded(tf.nn.relu6(tf.nn.conv2d(image, alone, 2, "SAME") + bias), low, high)
    assert _levels_apart(graph, values, first.output, np.asarray(stem)) <= 1


def _levels_apart(graph: Graph, values: Mapping[int, Array], tensor: int, reals: Array) -> float:
    q = graph.tensors[tensor].quantization
    assert q is not None
    ours = (values[tensor].astype(np.float64) - q.zero_point) * q.scale
    return float(np.abs(np.subtract(ours.reshape(reals.shape), reals)).max() / q.scale) - 1e-3


def assert_as_promised(card: dict[str, Any]) -> None:
    """What is printed is what the committed schema says, no field more and none less."""
    promised, printed = committed("train"), schema_of([card])
    assert list(mismatches(card, promised)) == []
    assert list(unnamed(printed, promised)) == []


def unnamed(found: dict[str, Any], promised: dict[str, Any], place: str = "train") -> Iterator[str]:
    """Fields of one schema that another one does not name."""
    for name, part in found.get("properties", {}).items():
        if name in promised.get("properties", {}):
            yield from unnamed(part, promised["properties"][name], f"{place}.{name}")
        else:
            yield f"{place}.{name}"
    if "items" in found:
        yield from unnamed(found["items"], promised.get("items", {}), f"{place}[]")


def test_train_writes_a_model_its_card_and_pictures_that_the_demo_takes(tmp_path: Path) -> None:
    folder, model = painted(tmp_path / "skies"), tmp_path / "skies.tflite"
    options = (
        "--arch",
        "digits",
        "--alpha",
        0.5,
        "--resolution",
        16,
        "--image-channels",
        3,
        "--epochs",
        2,
        "-o",
        model,
    )
    kept = tmp_path / "skies.keras"
    card = json.loads(call("train", "--images", folder, *options, "--keras", kept, "--json").output)
    assert_as_promised(card)
    assert card["model"]["classes"] == ["above", "below"]
    assert card["measured"]["test_int8"]["of"] == 4
    written = json.loads(model.with_suffix(".json").read_text())
    assert written["model"] == card["model"]
    shown, graph = load_trained(model), read_model(model)
    assert shown.images.shape[1:] == graph.tensors[graph.inputs[0]].shape[1:] == (16, 16, 3)
    found = run(graph, shown.images)[graph.outputs[0]].reshape(len(shown.labels), -1).argmax(axis=1)
    assert int(np.sum(found == shown.labels)) == card["measured"]["test_int8"]["right"]
    given = ("--force", "--teacher", kept, "--ram", card["model"]["ram_bytes"] * 3 // 4)
    text = call("train", "--images", folder, *options, *given).output
    assert "test, int8" in text
    assert f"depthwise demo --model {model}" in text.replace("\n", "")
    taught = json.loads(model.with_suffix(".json").read_text())
    assert_as_promised({**taught, "written": [str(model)]})
    assert taught["training"]["teacher"] == "given"
    assert taught["training"]["stages"]["pruned"]["epochs"] == 1
    planned = json.loads(call("plan", model, "--json").output)["points"]
    assert taught["model"]["ram_bytes"] == min(p["ram_bytes"] for p in planned) <= card["model"]["ram_bytes"] * 3 // 4


def test_digits_are_measured_on_hands_that_were_not_trained_with() -> None:
    """Every form begins with the ten digits and ends alike, but for some missing scans: parts are whole forms."""
    split, labels = load_split(1), load_digits().target
    of_form = forms(len(labels))
    written = ["".join(map(str, labels[of_form == form])) for form in range(len(FORMS))]
    assert {row[-6:-1] for row in written} == {"49089", "88490"}
    assert sum(row.startswith("0123456789") for row in written) == len(written) - 1
    parts = (split.training, split.validation, split.test)
    assert [len(part.labels) for part in parts] == [1290, 130, 377]
    known = {scan.tobytes() for part in parts[:2] for scan in part.ink}
    assert not [scan for scan in split.test.ink if scan.tobytes() in known]


def test_a_folder_that_is_not_there_is_told_before_training(tmp_path: Path) -> None:
    result = call("train", "--digits", "-o", tmp_path / "nowhere" / "n.tflite")
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


def test_a_teacher_that_sees_other_pictures_is_refused(tmp_path: Path) -> None:
    options = (
        "--arch",
        "digits",
        "--resolution",
        16,
        "--image-channels",
        3,
        "--epochs",
        1,
        "-o",
        tmp_path / "n.tflite",
    )
    folder, teacher = painted(tmp_path / "skies"), tmp_path / "t.tflite"
    call("zoo", "build", "digits", "--resolution", 24, "--classes", 2, "--image-channels", 3, "-o", teacher)
    result = call("train", "--images", folder, *options, "--teacher", teacher)
    assert result.exit_code == 2
    assert "(24, 24, 3), these are (16, 16, 3)" in result.stderr
    assert "int8" not in result.stderr


def test_a_network_that_scores_cells_is_not_trained_on_pictures_of_one_class() -> None:
    with pytest.raises(InputError, match="scores cells"):
        recipe.train(skies(), recipe.TrainingRecipe(fomo(0.35, 8, 2), TrainingBudget(1)), lambda _s, _e, _n: None)


def test_rounding_in_training_knows_the_spans_of_every_layer() -> None:
    """Gates and hard swish too: the int8 network is built of what was learnt, and is near the float one."""
    given = mobilenet_v3_small(0.25, 32, 3)
    images = np.random.default_rng(2).random((8, *given.image), dtype=np.float32)
    network = aware(given, he_weights(given, 3), images)
    graph = build_graph(given, network.learnt())
    made = recipe.int8_of(network, graph)
    wanted = run_floats(graph, images)[graph.outputs[0]]
    values = run(made, quantized_input(made, images))[made.outputs[0]]
    assert_close((values.astype(np.float64) + 128) / 256, wanted, atol=0.1)
