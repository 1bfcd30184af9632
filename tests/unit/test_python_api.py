"""`import depthwise`: networks in Python, and the same answers as the command line gives."""

import json
from pathlib import Path

import numpy as np
import pytest

import depthwise
from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.host.api.html import html_table
from depthwise.host.demo import MODEL, load_digits
from tests.support.commands import call
from tests.support.float_networks import images, mobilenet

SIDE = 16


def float_model(folder: Path) -> Path:
    path = folder / "small.tflite"
    path.write_bytes(write_model(mobilenet(side=SIDE)))
    return path


def test_every_name_of_the_interface_is_there_and_no_other() -> None:
    assert {*depthwise.PLACES, "__version__"} == set(depthwise.__all__) <= set(dir(depthwise))
    assert all(hasattr(depthwise, name) for name in depthwise.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'lode'"):
        _ = depthwise.lode


def test_a_network_says_what_it_is() -> None:
    net = depthwise.load(MODEL)
    inspected = json.loads(call("inspect", MODEL, "--json").output)
    assert (net.macs, net.inputs, net.outputs) == tuple(inspected[key] for key in ("macs", "inputs", "outputs"))
    assert repr(net) == "<Network digits.tflite: int8, 15 layers, 281,472 MACs>"


def test_costs_and_plans_are_those_of_the_command_line() -> None:
    net = depthwise.load(str(MODEL))
    cost, plans = net.cost("cortex-m4"), net.plan(ram=8192)
    assert cost.as_json() == json.loads(call("inspect", MODEL, "--core", "cortex-m4", "--json").output)
    planned = json.loads(call("plan", MODEL, "--ram", "8K", "--json").output)
    assert {**plans.as_json(), "model": MODEL.name} == planned
    assert cost.cycles == sum(row["cycles"] for row in cost.layers)
    assert net.cost("cortex-m0").cycles is None


def test_golden_is_what_the_bundled_model_computes() -> None:
    digits = load_digits()
    found = depthwise.load(digits.model).golden(digits.images[:20])
    assert (found.output.argmax(axis=1) == digits.labels[:20]).mean() > 0.9
    with pytest.raises(InputError, match="takes int8"):
        depthwise.load(MODEL).golden(digits.images[:1].astype(np.float32))
    with pytest.raises(InputError, match="arrays x were given"):
        depthwise.load(MODEL).golden({"x": digits.images[:1]})


def test_an_export_takes_wishes_as_the_command_does(tmp_path: Path) -> None:
    net = depthwise.load(MODEL)
    made = net.export(tmp_path / "p", board="nucleo-f446re", trace=True, labels=tuple("0123456789"))
    assert (made.manifest["trace"], made.manifest["ram_bytes"]) == (
        True,
        net.plan(board="nucleo-f446re").picked.ram_bytes,
    )
    assert made.manifest == json.loads((tmp_path / "p" / "manifest.json").read_text())
    with pytest.raises(InputError, match="a board is needed"):
        net.export(tmp_path / "q")


def test_a_float_network_is_quantized_and_what_needs_int8_says_so(tmp_path: Path) -> None:
    net = depthwise.load(float_model(tmp_path))
    with pytest.raises(UnsupportedError, match="is a float model"):
        net.cost()
    made = depthwise.quantize(net, tmp_path / "small_int8.tflite", images(net.graph, 8))
    assert made.network.cost().macs > 0
    assert made.report.logits_sqnr_db > 10
    with pytest.raises(InputError, match=r"an array \(8, 3\)"):
        depthwise.quantize(net, tmp_path / "other.tflite", np.zeros((8, 3), np.float32))


def test_a_project_whose_board_cannot_be_found_asks_for_a_port(tmp_path: Path) -> None:
    made = depthwise.load(MODEL).export(tmp_path / "p", board="host")
    with pytest.raises(InputError, match="nothing tells at which port host is"):
        depthwise.verify(made.folder)
    with pytest.raises(InputError, match="a port and a virtual board"):
        made.verify("socket://nowhere:1", virtual=True)


def test_what_a_notebook_shows_stays_text() -> None:
    net = depthwise.load(MODEL)
    shown = (net, net.cost(), net.plan(), net.fit(["bluepill"]))
    assert all(thing._repr_html_().startswith("<table><caption>digits") for thing in shown)
    assert "<script>" not in html_table("<script>", ["a"], [["<b>", 1234, None, 1.25, True]])
