"""LiteRT beside the board: every value that differs is explained by the rounding that makes it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen import golden
from depthwise.codegen.errors import ToolError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.commands.desktop_views import summary
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from depthwise.host.verify.desktop import DESKTOPS, Desktop, compare_desktop, comparison, litert_worker
from depthwise.host.verify.desktop.litert import DesktopRun, run_litert
from depthwise.host.verify.inputs import generated_inputs, varied_inputs
from tests.support.arrays import stacked
from tests.support.commands import call
from tests.support.models import INT8_MODELS, model_path
from tests.support.networks import NAMED_NETWORKS, random_network
from tests.support.projects import built
from tests.support.unsigned_networks import unsigned_network

DEFAULT = DESKTOPS[0]
# LiteRT itself refuses convolutions without bias, or crashes.
WITHOUT_BIAS = ("conv_without_bias", "depthwise_without_bias")


def exported(model: Path, folder: Path) -> Project:
    export(model, folder, ExportOptions(board=board("host"), trace=True))
    return open_project(folder)


def images(graph: Graph, count: int) -> np.ndarray:
    return stacked(graph, generated_inputs(graph, count, seed=0))


def apart(project: Project, given: Array, tensor: int) -> tuple[int, int]:
    """How many values of a tensor LiteRT gives otherwise than the golden model, and by how much at most."""
    graph, inputs = project.reference, {project.reference.inputs[0]: given}
    litert = run_litert(DEFAULT, MODEL.read_bytes(), read_model(MODEL), graph, inputs).tensors[tensor]
    off = np.abs(litert.reshape(-1).astype(int) - golden.run(graph, given)[tensor].reshape(-1))
    return int(np.count_nonzero(off)), int(off.max())


def test_the_bundled_model_is_explained_to_the_last_value() -> None:
    project = built("host")
    default, reference = (compare_desktop(project, d, images(project.graph, 6)) for d in DESKTOPS)
    for found in (default, reference):
        assert found.unexplained == 0
        assert (found.hidden, found.disturbed) == ((), False)
    assert sum(layer.differing for layer in default.layers) > 1000
    assert sum(layer.differing for layer in reference.layers) == 0


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_are_explained_to_the_last_value(name: str, tmp_path: Path) -> None:
    project = exported(model_path(name), tmp_path / "p")
    for desktop in DESKTOPS:
        found = compare_desktop(project, desktop, images(project.graph, 2))
        assert found.unexplained == 0, [layer for layer in found.layers if layer.unexplained]
        assert not found.disturbed
        assert set(found.modes) <= {desktop.mode.value}


# LiteRT's default kernels round these in ways that no mode knows; LiteRT asks for more of an LSTM than is in the file.
NOT_EXPLAINED = ("mean_channels", "mul_map", "resize_bilinear", "svdf")
NOT_RUN = ("lstm",)


def is_compared(name: str) -> bool:
    others = (*WITHOUT_BIAS, "uint8_ends", *NOT_EXPLAINED, *NOT_RUN)
    return name not in others and len(NAMED_NETWORKS[name]().inputs) == 1


@pytest.mark.parametrize("name", [*filter(is_compared, NAMED_NETWORKS)])
def test_every_operator_is_explained(name: str, tmp_path: Path) -> None:
    explained(NAMED_NETWORKS[name](), tmp_path, DESKTOPS[:1])


@pytest.mark.parametrize("name", NOT_EXPLAINED)
def test_what_no_rounding_gives_is_told_as_unexplained(name: str, tmp_path: Path) -> None:
    (tmp_path / "net.tflite").write_bytes(write_model(NAMED_NETWORKS[name]()))
    project = exported(tmp_path / "net.tflite", tmp_path / "p")
    found = compare_desktop(project, DESKTOPS[0], stacked(project.graph, varied_inputs(project.graph, 4)))
    assert found.unexplained > 0


@pytest.mark.parametrize("name", NOT_RUN)
def test_what_cannot_be_compared_is_one_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(ToolError):
        explained(NAMED_NETWORKS[name](), tmp_path, DESKTOPS[:1])


@pytest.mark.parametrize("seed", [0, 7, 13, 35])
def test_generated_networks_are_explained(seed: int, tmp_path: Path) -> None:
    explained(random_network(seed), tmp_path, DESKTOPS)


def explained(graph: Graph, folder: Path, desktops: tuple[Desktop, ...]) -> None:
    (folder / "net.tflite").write_bytes(write_model(graph))
    project = exported(folder / "net.tflite", folder / "p")
    for desktop in desktops:
        given = stacked(project.graph, varied_inputs(project.graph, 4))
        found = compare_desktop(project, desktop, given)
        assert found.unexplained == 0, [layer for layer in found.layers if layer.unexplained]


def test_a_layer_that_only_passes_differences_on_says_from_where() -> None:
    project = built("host")
    found = compare_desktop(project, DEFAULT, images(project.graph, 6))
    layers = {layer.layer: layer for layer in found.layers}
    own, _ = apart(project, images(project.graph, 6), project.reference.nodes[0].output)
    assert own > 0
    assert layers[0].why == f"{own} by rounding as `xnnpack`"
    assert layers[7].why == "carried over from layer 4 and 6"
    assert layers[7].own == 0 < layers[7].differing
    assert layers[12].mode == "xnnpack"
    assert layers[12].carried == (11,)


def test_the_summary_says_what_a_user_wonders_about() -> None:
    project = built("host")
    default, reference = (summary(compare_desktop(project, d, images(project.graph, 6))) for d in DESKTOPS)
    differing, largest = apart(project, images(project.graph, 6), project.reference.outputs[0])
    assert differing > 0
    assert f"differ on {differing} of 60 output values, by {largest} at most" in default
    assert "the highest score is the same for 6 of 6 inputs" in default
    assert "rounds once, from a float32 product (`xnnpack`)" in default
    assert "The board is right by TensorFlow Lite Micro" in default
    assert "agree on every value of every layer, over 6 inputs" in reference


def test_what_no_rounding_gives_is_said_to_be_unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    project = built("host")
    given = images(project.graph, 2)

    def bent(desktop: Desktop, model: bytes, graph: Graph, reference: Graph, given: Mapping[int, Array]) -> DesktopRun:
        run = run_litert(desktop, model, graph, reference, given)
        changed = run.tensors[project.reference.nodes[2].output].view(np.int8)
        changed.flat[5] ^= np.int8(3)
        return run

    monkeypatch.setattr(comparison, "run_litert", bent)
    found = compare_desktop(project, DEFAULT, given)
    layer = found.layers[2]
    assert (layer.mode, layer.unexplained) == (None, 1)
    assert "1 unexplained" in layer.why
    assert "not explained" in summary(found)


def test_the_command_line_compares_the_desktop_alone_or_beside_a_board() -> None:
    project = built("host")
    folder = project.folder
    alone = json.loads(call("verify", folder, "--desktop", "--json").stdout)
    assert alone["boards"] == []
    assert [d["desktop"] for d in alone["desktop"]] == ["default", "reference"]
    own, _ = apart(project, images(project.graph, 6), project.reference.nodes[0].output)
    assert alone["desktop"][0]["layers"][0]["own"] == own > 0
    beside = json.loads(call("verify", folder, "--desktop", "--virtual", "-n", 2, "--json").stdout)
    assert beside["boards"][0]["equal"] is True
    text = call("verify", folder, "--desktop").output
    assert "TensorFlow's default interpreter (XNNPACK) beside the board" in text
    assert f" {own} xnnpack" in text


def test_a_missing_litert_is_answered_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ai_edge_litert").mkdir()
    (tmp_path / "ai_edge_litert" / "__init__.py").write_text("raise ImportError\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = call("verify", built("host").folder, "--desktop")
    assert result.exit_code == 2
    assert "pip install ai-edge-litert" in result.stderr
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    assert litert_worker.main(tmp_path, "AUTO") == litert_worker.ABSENT


@pytest.mark.parametrize("name", WITHOUT_BIAS)
def test_a_model_that_litert_cannot_run_is_one_clear_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "net.tflite").write_bytes(write_model(NAMED_NETWORKS[name]()))
    project = exported(tmp_path / "net.tflite", tmp_path / "p")
    with pytest.raises(ToolError, match=r"XNNPACK\) (failed: .*bias|crashed \(signal 11\))"):
        compare_desktop(project, DEFAULT, images(project.graph, 1))


def test_a_network_of_uint8_is_compared_with_uint8(tmp_path: Path) -> None:
    (tmp_path / "m.tflite").write_bytes(write_model(unsigned_network(5)))
    project = exported(tmp_path / "m.tflite", tmp_path / "p")
    found = compare_desktop(project, DESKTOPS[1], images(project.graph, 3))
    assert found.layers
    assert sum(layer.differing for layer in found.layers) == 0
