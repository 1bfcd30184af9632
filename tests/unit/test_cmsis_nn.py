"""CMSIS-NN beside ours, as far as that needs none of its sources: what is called for which layer, and the tables."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from docs.make import cmsis_nn_figures, cmsis_nn_tables
from docs.make.cmsis_nn import with_their_flags
from docs.make.cmsis_nn_call import Call, dims, pairs
from docs.make.cmsis_nn_figures import FIGURES, one_layer
from docs.make.cmsis_nn_layers import WRITERS
from docs.make.operator_counts import BOARD, M4, Counted
from docs.make.operator_flash import NetworkFlash, flash_of
from tests.support.operator_networks import NETWORKS
from tests.support.programs import Case

KEPT: dict[str, Any] = json.loads(FIGURES.read_text())
NAME = re.compile(r"\barm_\w+(?=\()")


def calls(name: str) -> list[Call]:
    graph, given = one_layer(name)
    values = run(graph, given)
    made = (WRITERS[type(n.op)](graph, n, 7, values) for n in graph.nodes if type(n.op) in WRITERS)
    return [call for call in made if call is not None]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_has_a_figure_where_there_is_a_function_for_its_layer(name: str) -> None:
    found = calls(name)
    assert len(found) == (name in KEPT["operators"])
    for call in found:
        assert NAME.findall(call.call)
        used = set(re.findall(r"\b[a-z_0-9]+?_?7\b", call.call + call.scratch + call.more))
        assert used <= set(re.findall(r"\b[a-z_0-9]+?_?7\b", call.data))


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("CONV_2D groups", "arm_convolve_wrapper_s8"),
        ("DEPTHWISE_CONV_2D", "arm_depthwise_conv_wrapper_s8"),
        ("FULLY_CONNECTED", "arm_fully_connected_wrapper_s8"),
        ("FULLY_CONNECTED of vectors", "arm_convolve_1x1_s8_fast"),
        ("SVDF", "arm_svdf_s8"),
        ("SVDF int16", "arm_svdf_state_s16_s8"),
        ("UNIDIRECTIONAL_SEQUENCE_LSTM", "arm_lstm_unidirectional_s8"),
    ],
)
def test_a_layer_is_called_by_the_function_that_tensorflow_lite_micro_takes(name: str, function: str) -> None:
    assert [NAME.findall(call.call) for call in calls(name)] == [[function]]


def test_a_matrix_that_is_no_constant_is_transposed_in_what_is_counted() -> None:
    (call,), (constant,) = calls("BATCH_MATMUL"), calls("BATCH_MATMUL of a constant")
    assert NAME.findall(call.call) == ["arm_transpose_s8", "arm_batch_matmul_s8"]
    assert NAME.findall(constant.call) == ["arm_batch_matmul_s8"]


def test_shapes_have_four_axes_and_tiles_their_width_first() -> None:
    assert dims("a", (5, 6)) == "static const cmsis_nn_dims a = { 1, 1, 5, 6 };\n"
    assert pairs((1, 2), (3, 4)) == "{ 2, 1 }, { 4, 3 }"


def test_it_is_compiled_as_a_program_with_a_c_library(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "project", ExportOptions(board=board(BOARD)))
    text = with_their_flags((tmp_path / "project" / "Makefile").read_text(), Path("theirs"))
    assert "-mcpu=cortex-m4" in text
    assert " -O3 -std=gnu11 " in text
    assert " -w -Inetwork -Itheirs " in " ".join(text.split())
    assert "-ffreestanding" not in text
    assert "nano" not in text


def test_its_figures_stay_as_they_are_where_no_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cmsis_nn_figures, "SOURCES", None)
    assert cmsis_nn_figures.operator_figures(FIGURES) == KEPT == cmsis_nn_figures.model_figures(FIGURES)


def test_cycles_of_a_model_are_those_of_its_layers() -> None:
    for model in KEPT["models"].values():
        assert model["exact"]
        assert model["cycles"] == sum(layer["cycles"] for layer in model["layers"])


def test_an_operator_stands_beside_its_figures_and_whole_tensors_beside_our_rows() -> None:
    graph, given = one_layer("MAX_POOL_2D")
    row = {"cycles": 3000, "buffer_bytes": 10, "flash_bytes": 2000, "exact": False}
    figures = {"commit": "0123456789abcdef", "date": "2026-07-15", "operators": {"MAX_POOL_2D": row}}
    ours = Counted("MAX_POOL_2D", Case.of("net", choose(graph, "rows"), given), 900, 10312)
    text = cmsis_nn_tables.operators([ours], figures, {"MAX_POOL_2D": NetworkFlash(600, 200)})
    assert "CMSIS-NN, July 2026 (commit 0123456789a)" in text
    whole = 22 * 18 * 28 + 174 * 16 + 16  # the output is 173.25 times 16 bytes
    assert re.search(
        rf"^\| MAX_POOL_2D \| 10,312 \| 1,000 \| 3,000 \| 3.0 "
        rf"\| [\d,]+ \| {whole:,} \| 10 \| 600 \| 200 \| 2,000 \| not exact \|$",
        text,
        re.M,
    )


def test_flash_alone_is_a_network_without_what_feeds_it(tmp_path: Path) -> None:
    """A small one of constants that are known, and one of two inputs, whose parts that feed it are all the same."""
    found = flash_of([_case(name) for name in ("SVDF", "MAXIMUM", "MINIMUM")], tmp_path)
    assert found[0].whole > found[0].alone > 4000
    assert found[1].whole - found[1].alone == found[2].whole - found[2].alone > 300


def _case(name: str) -> Case:
    graph, given = one_layer(name)
    return Case.of("net_" + name.lower(), choose(graph, "rows"), given, M4)


def test_a_model_stands_beside_its_figures_by_operator() -> None:
    layers = [{"operator": kind, "cycles": n, "buffer_bytes": n} for kind, n in (("ADD", 20), ("ADD", 30), ("PAD", 7))]
    theirs = {"cycles": 57, "exact": True, "flash_bytes": 40, "layers": layers}
    figures = {"commit": "0", "date": "2026-07-15", "models": {"m": theirs}}
    ours = {"model": "m", "cycles": 19, "flash_bytes": 30}
    text = cmsis_nn_tables.models([ours], {"m": [{"operator": "ADD", "cycles": 10}]}, figures)
    assert "| m | 19 | 57 | 3.0 | 30 | 40 | exact |\n" in text
    assert "| m | ADD | 2 | 10 | 50 | 5.0 | 30 |\n| m | PAD | 1 |  | 7 |  | 7 |\n" in text


def test_another_core_stands_beside_what_was_counted_on_it() -> None:
    counted = {"b": {"instructions": 30, "exact": True}}
    row = {"core": "c", "model": "m", "instructions": 20}
    text = cmsis_nn_tables.others(
        [row | {"board": "b"}, row | {"board": "d"}, row | {"board": "b", "model": "n"}],
        {"models": {"m": {"others": counted}}},
    )
    assert text.count("| c |") == 1
    assert "| c | m | 20 | 30 | 1.5 | exact |\n" in text
