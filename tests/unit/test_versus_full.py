"""`inspect --versus-full`: the paper's 1/M + 1/K², counted on real models."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.zoo.digits import digits
from depthwise.codegen.zoo.mobilenet_v1 import mobilenet_v1
from depthwise.codegen.zoo.spec import Architecture
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.toolbox import full_convolutions
from depthwise.codegen.zoo.versus_full import in_sum, pairs
from depthwise.codegen.zoo.weights import blank_weights
from depthwise.host.cli import main
from depthwise.host.demo import MODEL
from tests.support.models import model_path, read
from tests.support.network_builder import Builder
from tests.support.networks import random_network


def shown(path: Path, *options: str) -> str:
    result = CliRunner().invoke(main, ["inspect", str(path), "--versus-full", *options], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("name", ["vww_96_int8", "vww_96_float", "kws_dscnn_int8", "kws_dscnn_float"])
def test_on_real_models_the_formula_gives_what_is_counted(name: str) -> None:
    found = pairs(read(name))
    assert len(found) == (13 if name.startswith("vww") else 4)
    for pair in found:
        assert pair.measured == pytest.approx(pair.predicted, rel=1e-12)


@pytest.mark.parametrize(("given", "name"), [(mobilenet_v1(0.25, 96, 2), "vww_96_int8"), (digits(), None)])
def test_the_full_model_costs_what_it_costs_when_it_is_really_built(given: Architecture, name: str | None) -> None:
    graph = read(name) if name else read_model(MODEL)
    built = full_convolutions(given)
    really = total_macs(build_graph(built, blank_weights(built)))
    assert in_sum(graph, pairs(graph)).full_macs == really


def test_vww_is_seven_and_a_half_times_cheaper_than_full_convolutions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = model_path("vww_96_int8")
    text = shown(path)
    assert "7,489,664  56,236,544" in text
    assert "7.5x" in text
    assert "…" not in text
    found = json.loads(shown(path, "--json"))
    assert found["in_sum"]["times"] == pytest.approx(7.51, abs=0.01)
    assert found["pairs"][0]["layers"] == [1, 2]


def test_a_model_without_pairs_is_told_so() -> None:
    path = model_path("ad01_int8")
    assert "nothing to compare" in shown(path)
    found = json.loads(shown(path, "--json"))
    assert found["pairs"] == []
    assert found["in_pairs"] == {"macs": 0, "full_macs": 0, "ratio": 1.0, "times": 1.0}
    assert found["in_sum"]["ratio"] == 1


def test_a_depthwise_layer_that_two_layers_read_is_no_half_of_a_pair() -> None:
    build = Builder(1)
    x = build.depthwise(build.input(1, 6, 6, 4), (3, 3))
    y = build.add(build.conv(x, 4, (1, 1)), x)
    assert pairs(build.finish("both", y)) == ()


def test_a_depth_multiplier_multiplies_the_share() -> None:
    build = Builder(1)
    build.conv(build.depthwise(build.input(1, 6, 6, 4), (3, 3), multiplier=2), 8, (1, 1))
    (pair,) = pairs(build.finish("wide"))
    assert pair.measured == pytest.approx(2 * (1 / 8 + 1 / 9))
    assert pair.measured == pytest.approx(pair.predicted)


@pytest.mark.parametrize("seed", range(20))
def test_any_network_can_be_compared(seed: int, tmp_path: Path) -> None:
    graph = random_network(seed)
    saving = in_sum(graph, pairs(graph))
    assert saving.macs == total_macs(graph)
    path = tmp_path / "n.tflite"
    path.write_bytes(write_model(graph))
    shown(path)
