"""Predicted waiting for flash against what `make bench` counted behind flash of several kinds."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import optimize
from docs.make.flash_predicted import (
    MODELS,
    SETTINGS,
    generated,
    large_layers,
    predicted_of,
    predicted_text,
    time_off,
    waits_off,
    with_layers,
)
from tests.support.models import read
from tests.support.places import ROOT

ROWS: Final[list[dict[str, Any]]] = json.loads((ROOT / "docs" / "results" / "flash_waits.json").read_text())
# How far waits may be off, as a part of the measured time: of the models, and of their layers.
OF_MODELS: Final = 0.02
OF_LAYERS: Final = 0.08


def graph_of(name: str) -> Graph:
    return optimize(read(name) if name in MODELS else generated()[name]).graph


@pytest.mark.parametrize("flash", SETTINGS)
@pytest.mark.parametrize("name", MODELS)
def test_predicted_waits_of_a_model_are_within_2_percent_of_its_measured_time(name: str, flash: str) -> None:
    graph, target = graph_of(name), SETTINGS[flash]
    (row,) = (r for r in ROWS if (r["network"], r["flash"]) == (name, flash))
    found = {**row, **predicted_of(graph, target)}
    assert abs(waits_off(found)) <= OF_MODELS
    assert abs(time_off(found)) <= OF_MODELS
    layers = with_layers(
        [{k: layer[k] for k in ("layer", "executed", "waits")} for layer in row["layers"]], graph, target
    )
    for layer in large_layers({**row, "layers": layers}):
        assert abs(waits_off(layer)) <= OF_LAYERS, layer


def test_what_the_page_says_is_what_was_measured() -> None:
    assert predicted_text(ROWS) in Path(ROOT / "docs" / "results" / "flash.md").read_text()


def test_every_network_was_measured_behind_every_flash() -> None:
    assert {r["flash"] for r in ROWS} == set(SETTINGS)
    assert len(ROWS) == len({(r["network"], r["flash"]) for r in ROWS})
