"""Will it fit: one answer from fit, inspect, plan and export, in RAM, flash and time."""

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from depthwise.codegen.errors import DoesNotFitError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.passes import optimize
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.fits import fits_on
from depthwise.codegen.project.memory import LEAST_CODE_BYTES
from depthwise.codegen.targets.boards import board, boards
from depthwise.codegen.targets.cores import CORES
from depthwise.codegen.targets.instructions import PER_MAC, WITHIN, about_instructions
from depthwise.host.demo import MODEL
from tests.support.commands import call
from tests.support.float_networks import mobilenet
from tests.support.models import model_path, read
from tests.support.places import ROOT


def test_every_board_and_every_core_is_asked_about() -> None:
    found = json.loads(call("fit", MODEL, "--json").output)
    assert {b["board"] for b in found["boards"]} == set(boards())
    assert {c["core"] for c in found["cores"]} == set(CORES)
    assert not found["estimated"]


def test_boards_that_hold_it_come_first_and_the_fastest_of_them_on_top() -> None:
    found = json.loads(call("fit", model_path("vww_96_int8"), "--json").output)["boards"]
    assert [b["fits"] for b in found] == sorted((b["fits"] for b in found), reverse=True)
    times = [b["milliseconds"] for b in found if b["fits"] and b["milliseconds"] is not None]
    assert times == sorted(times)
    assert found[0]["board"] == "nucleo-f446re"
    small = next(b for b in found if b["board"] == "microbit")
    assert (small["fits"], small["ram_spare"] < 0 < small["flash_spare"]) == (False, True)


@pytest.mark.parametrize("name", ["nucleo-f446re", "bluepill", "mps3-m55", "host"])
def test_fit_inspect_plan_and_export_agree(name: str, tmp_path: Path) -> None:
    model = model_path("vww_96_int8") if name == "bluepill" else MODEL
    fit = json.loads(call("fit", model, "-b", name, "--json").output)["boards"][0]
    planned = json.loads(call("plan", model, "-b", name, "--json").output)
    exported = json.loads(call("export", model, "-b", name, "-o", tmp_path / "p", "--json").output)
    assert json.loads(call("inspect", model, "-b", name, "--json").output)["fit"] == fit
    assert fit["network_ram_bytes"] == planned["ram_bytes"] == exported["ram_bytes"]
    assert fit["constant_bytes"] == planned["flash_bytes"] == exported["weight_bytes"]
    assert [p["ram_bytes"] for p in planned["points"] if p["picked"]] == [exported["ram_bytes"]]


@pytest.mark.parametrize("memory", ["ram_bytes", "flash_bytes"])
@pytest.mark.parametrize("missing", [0, 1])
def test_what_fits_can_be_exported_and_what_does_not_is_refused(memory: str, missing: int, tmp_path: Path) -> None:
    target = board("microbit")  # kernels of its core take no scratch that could be left out
    graph = optimize(read("kws_dscnn_int8")).graph
    (plain,) = fits_on(graph, [target])
    needed = {"ram_bytes": plain.ram_needed, "flash_bytes": plain.point.flash_bytes + LEAST_CODE_BYTES}[memory]
    target = replace(target, ram_bytes=1 << 20, flash_bytes=1 << 20)
    target = replace(target, **{memory: needed - missing})  # type: ignore[arg-type]
    (fit,) = fits_on(graph, [target])
    assert fit.fits is not bool(missing)
    with pytest.raises(DoesNotFitError) if missing else nullcontext():
        export(model_path("kws_dscnn_int8"), tmp_path / "p", ExportOptions(board=target))


def test_a_board_whose_flash_may_be_too_small_for_the_code_is_tight() -> None:
    (roomy,) = fits_on(optimize(read("kws_dscnn_int8")).graph, [board("bluepill")])
    flash = (roomy.flash_needed, roomy.flash_needed - 1, roomy.point.flash_bytes)
    found = [replace(roomy, board=replace(roomy.board, flash_bytes=size)) for size in flash]
    assert [f.word for f in found] == ["yes", "tight", "no"]


def test_the_table_reads_well_at_80_columns() -> None:
    lines = call("fit", MODEL).output.splitlines()
    assert max(map(len, lines)) <= 80
    rows = [line.split() for line in lines if line.startswith("nucleo-f446re")]
    assert [row[:3] for row in rows] == [["nucleo-f446re", "m4", "yes"]]
    assert rows[0][-1] == "ms"


def test_a_float_model_is_estimated(tmp_path: Path) -> None:
    path = tmp_path / "small.tflite"
    path.write_bytes(write_model(mobilenet()))
    found = json.loads(call("fit", path, "-b", "bluepill", "--json").output)
    assert (found["estimated"], found["boards"][0]["fits"]) == (True, True)
    assert "is a float model: this is what its int8 form would take" in " ".join(call("fit", path).output.split())


def test_inspect_tells_ranges_labels_and_whether_a_board_holds_it(tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(f"digit {n}" for n in range(10)))
    found = json.loads(call("inspect", MODEL, "--labels", labels, "--json").output)
    assert found["inputs"][0]["range"] == pytest.approx([0, 1], abs=1e-6)
    assert found["outputs"][0]["labels"][9] == "digit 9"
    text = call("inspect", MODEL, "--labels", labels, "-b", "stm32vldiscovery").output
    assert "scores: 0 digit 0, 1 digit 1" in text
    assert "stm32vldiscovery holds it" in text


def test_plan_names_the_budget_of_the_fastest_way_that_a_board_holds() -> None:
    text = " ".join(call("plan", MODEL, "-b", "bluepill").output.split())
    assert "bluepill has room for the way with 1,850 cycles: --ram 18816" in text
    picked = json.loads(call("plan", MODEL, "-b", "bluepill", "--ram", "18816", "--json").output)
    assert picked["cycles"] == 1850


def test_instructions_of_a_mac_are_those_of_the_benchmarks() -> None:
    results = json.loads((ROOT / "docs" / "results" / "benchmarks.json").read_text())["results"]
    counted: dict[str, list[float]] = {}
    for row in results:
        counted.setdefault(row["core"], []).append(row["instructions"] / row["macs"])
    for core, each in counted.items():
        if core in PER_MAC:
            assert median(each) == pytest.approx(PER_MAC[core], rel=0.25)
            assert PER_MAC[core] / WITHIN <= min(each) <= max(each) <= PER_MAC[core] * WITHIN
    assert about_instructions("xtensa-lx6", 1000) is None
