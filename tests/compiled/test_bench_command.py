"""Measured beside predicted: `depthwise bench`, and what `verify` says of time."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import depthwise
from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from depthwise.host.verify.predicted_time import predicted_time
from tests.support.commands import call
from tests.support.fake_board import serving, traced_board
from tests.support.models import model_path
from tests.support.projects import built


@pytest.fixture(scope="module")
def nucleo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("nucleo") / "p"
    export(MODEL, folder, ExportOptions(board=board("nucleo-f446re"), trace=True))
    return open_project(folder)


def test_repeated_runs_are_told_with_their_spread_and_beside_the_prediction(nucleo: Project, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    with serving(traced_board(nucleo)) as url:
        arguments = ("bench", nucleo.folder, "--port", url, "-r", 3, "--save", kept)
        told = json.loads(call(*arguments, "--json").output)
        text = " ".join(call(*arguments).output.split())
    assert (told["runs"], told["wrong"], told["clock"], len(told["ticks"])) == (3, 0, "board", 3)
    assert told["min"] <= told["median"] <= told["max"]
    assert told["median_milliseconds"] == told["median"] / told["clock_hz"] * 1000
    assert told["predicted"]["cycles"] == depthwise.load(MODEL).plan(board="nucleo-f446re").picked.cycles
    assert "outputs: equal every time" in text
    assert f"predicted: {told['predicted']['cycles']:,} cycles" in text
    assert [json.loads(line)["result"] for line in kept.read_text().splitlines()] == [told, told]


def test_wrong_outputs_end_with_exit_code_1(nucleo: Project) -> None:
    playing = traced_board(nucleo)
    playing.network = lambda _: b"\x01" * nucleo.output_bytes
    with serving(playing) as url:
        done = call("bench", nucleo.folder, "--port", url, "-r", 2)
    assert done.exit_code == 1
    assert "different in 2 runs" in " ".join(done.output.split())


def test_verify_tells_time_and_prediction_and_keeps_them(nucleo: Project, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    with serving(traced_board(nucleo)) as url:
        told = json.loads(call("verify", nucleo.folder, "--port", url, "-n", 1, "--json", "--save", kept).output)
        text = call("verify", nucleo.folder, "--port", url, "-n", 1).output
    assert told["milliseconds"] == told["ticks"] / told["clock_hz"] * 1000
    assert "ms at 180 MHz" in " ".join(text.split())
    assert json.loads(kept.read_text())["result"][0]["ticks"] == told["ticks"]


def test_ticks_of_this_computer_are_no_time_of_a_board() -> None:
    found = depthwise.bench(built("host").folder, virtual=True, repeats=2)
    assert (found.clock, found.wrong, found.predicted) == ("this computer", 0, None)
    assert found.milliseconds(1) is None


@pytest.mark.parametrize("flash", [None, 60_000])
def test_the_prediction_is_for_the_storage_of_weights_that_was_exported(tmp_path: Path, flash: int | None) -> None:
    options = ExportOptions(board=board("nucleo-f446re"), flash=flash)
    export(model_path("vww_96_int8"), tmp_path / "p", options)
    found = predicted_time(open_project(tmp_path / "p"))
    plans = depthwise.load(model_path("vww_96_int8")).plan(board="nucleo-f446re", flash=flash)
    assert found is not None
    assert found.cycles == plans.picked.cycles
    assert replace(found, clock_hz=0).milliseconds is None


@pytest.mark.parametrize("segments", [[], [[0, 2], [3, 4]], [[0, 0]], [[0, 1, 2]], "all", [[1, 2]]])
def test_a_plan_that_is_none_is_one_error(nucleo: Project, segments: object, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    shutil.copytree(nucleo.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "segments": segments}))
    with pytest.raises(ProjectError, match="segments is"):
        open_project(folder)


def test_a_plan_of_other_nodes_predicts_nothing(nucleo: Project) -> None:
    assert predicted_time(replace(nucleo, manifest={**nucleo.manifest, "segments": [[0, 3]]})) is None
    without = {name: value for name, value in nucleo.manifest.items() if name != "segments"}
    assert predicted_time(replace(nucleo, manifest=without)) is None
