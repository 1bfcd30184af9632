"""The command line as its user meets it: tables, JSON, exit codes, one clear error."""

import json
from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.operators import Activation
from depthwise.host.demo import MODEL
from tests.support.commands import call
from tests.support.float_networks import mobilenet
from tests.support.models import model_path
from tests.support.network_builder import Builder
from tests.support.places import FIXTURES


def test_help_shows_the_way_from_model_to_board() -> None:
    text = call("--help").output
    for step in ("inspect", "quantize", "export", "build", "verify", "boards", "demo"):
        assert f"depthwise {step}" in text or f"  {step} " in text


def test_help_has_an_example_on_each_line() -> None:
    lines = [line.strip() for line in call("--help").output.splitlines()]
    assert [line for line in lines if line.startswith("depthwise quantize ")] == [
        "depthwise quantize m.keras -o m.tflite --data imgs   from float to int8"
    ]


def test_inspect_counts_what_the_model_card_says() -> None:
    found = json.loads(call("inspect", MODEL, "--json").output)
    card = json.loads(MODEL.with_suffix(".json").read_text())
    assert found["macs"] == card["model"]["macs"]
    assert "DEPTHWISE_CONV_2D" in call("inspect", MODEL).output


def test_inspect_of_a_missing_file_is_one_clear_error() -> None:
    result = call("inspect", "nothing.tflite")
    assert result.exit_code == 2
    assert "cannot read model nothing.tflite: No such file or directory" in result.stderr
    assert result.stdout == ""


def test_inspect_of_a_core_names_each_layer_that_faster_kernels_refused_and_why(tmp_path: Path) -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 8, 3), 4, (1, 1), activation=Activation.RELU)
    graph = build.finish("slow", build.depthwise(x, (12, 12), activation=Activation.RELU))
    model = tmp_path / "slow.tflite"
    model.write_bytes(write_model(graph))
    first, second = json.loads(call("inspect", model, "--core", "cortex-m4", "--json").output)["layers"]
    assert (first["family"], first["refused_by"]) == ("dsp", [])
    assert second["family"] == "general"
    refused = second["refused_by"][0]
    text = call("inspect", model, "--core", "cortex-m4").output
    assert f"Layer 1 is left to {second['kernel']}. {', '.join(refused['kernels'])}: {refused['reason']}" in text


def test_inspect_of_a_core_names_each_layer_that_is_not_on_a_line_and_why(tmp_path: Path) -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 8, 3), 4, (1, 1), activation=Activation.RELU)
    graph = build.finish("rounded", build.conv(x, 4, (1, 1), activation=Activation.NONE))
    model = tmp_path / "rounded.tflite"
    model.write_bytes(write_model(graph))
    first, second = json.loads(call("inspect", model, "--core", "cortex-m4", "--json").output)["layers"]
    assert first["not_on_line"] is None
    assert "is inside of its clamp, -128 to 127: how negative values are rounded can be seen" in second["not_on_line"]
    text = call("inspect", model, "--core", "cortex-m4").output
    assert f"Layer 1 is not on a line: {second['not_on_line']}." in text


def test_inspect_of_a_core_cuts_no_name_within_80_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    build = Builder(1)
    x = build.conv(build.input(1, 40, 40, 3), 96, (3, 3), activation=Activation.RELU)
    graph = build.finish("wide", build.depthwise(x, (3, 3), activation=Activation.RELU))
    model = tmp_path / "wide.tflite"
    model.write_bytes(write_model(graph))
    assert "…" not in call("inspect", model, "--core", "cortex-m4").output


def test_boards_lists_the_virtual_ones() -> None:
    found = {b["name"]: b for b in json.loads(call("boards", "--json").output)["boards"]}
    assert found["netduinoplus2"]["virtual"]
    assert found["netduinoplus2"]["ram_bytes"] == 131_072


def test_one_board_is_shown_with_how_it_is_flashed_and_exported() -> None:
    text = call("boards", "netduinoplus2").output
    assert "168 MHz" in text
    assert "stm32loader (F4)" in text
    assert json.loads(call("boards", "netduinoplus2", "--json").output)["projects"] == {"stm32": "STM32F405RG"}


def test_a_kind_of_project_that_a_board_has_not_is_answered_with_those_it_has(tmp_path: Path) -> None:
    result = call("export", MODEL, "-b", "netduinoplus2", "--project", "host", "-o", tmp_path / "p")
    assert result.exit_code == 2
    assert "it can be as stm32" in result.stderr
    assert not (tmp_path / "p").exists()


def test_an_unknown_board_is_answered_with_the_nearest(tmp_path: Path) -> None:
    result = call("export", MODEL, "-b", "netduino", "-o", tmp_path / "p")
    assert result.exit_code == 2
    assert "netduinoplus2" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_with_other_things_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    result = call("export", MODEL, "-b", "host", "-o", tmp_path, "--force")
    assert result.exit_code == 2
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_a_damaged_model_leaves_nothing_behind(tmp_path: Path) -> None:
    model = tmp_path / "cut.tflite"
    model.write_bytes(MODEL.read_bytes()[:5000])
    result = call("export", model, "-b", "host", "-o", tmp_path / "p")
    assert result.exit_code == 2
    assert "5000" in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["cut.tflite"]


def test_a_missing_compiler_is_answered_with_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "p"
    call("export", MODEL, "-b", "netduinoplus2", "-o", folder)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = call("build", folder)
    assert result.exit_code == 2
    assert "apt install" in result.stderr


def test_inspect_proves_why_channels_are_constant() -> None:
    model = model_path("vww_96_int8")
    found = json.loads(call("inspect", model, "--proof", "--json").output)
    assert (found["macs"], found["macs_left"]) == (7_489_664, 3_727_313)
    layer = found["proof"][18]
    assert (layer["channels_out"], layer["channels_out_left"], layer["constant"]) == (128, 19, 109)
    assert {"channel", "value", "least", "greatest", "reason"} == set(layer["constants"][0])
    text = call("inspect", model, "--proof").output
    assert "3,727,313" in text
    assert "109 zero weights" in text


@pytest.mark.parametrize("given", ["5", "9..3", "-129..0", "a..b"])
def test_an_input_range_that_is_none_is_a_usage_error(given: str) -> None:
    result = call("inspect", MODEL, "--assume-input-range", given)
    assert result.exit_code == 2
    assert repr(given) in result.stderr


def test_export_for_argmax_returns_logits(tmp_path: Path) -> None:
    manifest = json.loads(
        call("export", MODEL, "-b", "host", "-o", tmp_path / "p", "--output", "argmax", "--json").output
    )
    assert manifest["passes"]["argmax"] is True
    assert manifest["layers"][-1]["kind"] == "FULLY_CONNECTED"
    assert manifest["output"]["tensor"] == manifest["layers"][-1]["output_tensor"]


def test_a_float_model_is_inspected_and_the_next_step_is_to_quantize_it(tmp_path: Path) -> None:
    model = tmp_path / "small.tflite"
    model.write_bytes(write_model(mobilenet()))
    result = call("inspect", model)
    assert result.exit_code == 0
    assert "CONV_2D" in result.output
    assert f"next: depthwise quantize {model} -o small_int8.tflite" in result.output


@pytest.mark.parametrize(
    "arguments", [("inspect", "--proof"), ("inspect", "--core", "cortex-m4"), ("export", "-b", "host", "-o", "p")]
)
def test_what_needs_an_int8_model_says_how_to_get_one(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    model = tmp_path / "small.tflite"
    model.write_bytes(write_model(mobilenet()))
    result = call(arguments[0], model, *arguments[1:])
    assert result.exit_code == 2
    assert "quantize it first: depthwise quantize" in result.stderr


def test_a_keras_model_is_inspected_and_cannot_be_exported_yet(tmp_path: Path) -> None:
    model = FIXTURES / "every_layer.keras"
    assert "DEPTHWISE_CONV_2D" in call("inspect", model).output
    result = call("export", model, "-b", "host", "-o", tmp_path / "p")
    assert result.exit_code == 2
    assert "depthwise quantize" in result.stderr
