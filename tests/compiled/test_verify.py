"""Verification end to end: real firmware as a process, whole and damaged."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from depthwise.codegen.errors import ProjectError
from depthwise.host.cli import main
from depthwise.host.demo import MODEL
from depthwise.host.verify.explain.cause import CauseKind
from tests.support.commands import call
from tests.support.fake_board import serving, traced_board
from tests.support.labelled import digit_pictures
from tests.support.models import INT8_MODELS, model_path
from tests.support.projects import built
from tests.support.verified import (
    assert_accuracy_is_the_golden_model_s,
    assert_broken_promise_found,
    assert_broken_weight_named,
    assert_bundled_model_equal,
    break_weight,
    verified,
)


def test_the_bundled_model_is_equal_on_every_tensor() -> None:
    assert_bundled_model_equal("host")


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_are_equal_on_the_host_board(name: str) -> None:
    assert verified(built("host", model_path(name)), count=6).equal


@pytest.mark.parametrize(("layer", "at"), [(0, (3, 1, 1, 0)), (2, (5, 0, 0, 2))])
def test_one_broken_weight_is_named_by_layer_row_column_and_channel(
    layer: int, at: tuple[int, ...], tmp_path: Path
) -> None:
    assert_broken_weight_named("host", layer, at, tmp_path)


def test_a_difference_without_trace_is_found_in_the_scores(tmp_path: Path) -> None:
    project = built("host", trace=False)
    last = max(n.layer for n in project.graph.nodes if len(n.inputs) == 3)
    image, _, _ = break_weight(project, last, (0, 0), tmp_path)
    verdict = verified(project, image, count=6)
    assert verdict.difference is not None
    assert verdict.difference.place is not None
    assert verdict.cause is not None
    assert verdict.cause.kind is CauseKind.UNLOCATED
    assert "--trace" in verdict.cause.next_step


def test_firmware_of_another_model_is_stale_and_nothing_is_compared(tmp_path: Path) -> None:
    model = tmp_path / "other.tflite"
    model.write_bytes(MODEL.read_bytes() + b"\0")
    other = built("host", model)
    with pytest.raises(ProjectError, match=r"stale firmware.*build and flash"):
        verified(built("host"), other.firmware)


def test_a_difference_in_a_narrowed_layer_speaks_of_the_models_own_channel(tmp_path: Path) -> None:
    """Layer 18 of VWW keeps 19 of its 128 channels; a weight of the fourth that is left is broken."""
    project = built("host", model_path("vww_96_int8"))
    image, before, after = break_weight(project, 18, (3, 0, 0, 5), tmp_path)
    row, column, left = (int(i) for i in np.argwhere(before[0] != after[0])[0])
    kept = project.made.survivors[next(n.output for n in project.graph.nodes if n.layer == 18)].kept
    assert (len(kept), left) == (19, 3)
    verdict = verified(project, image)
    assert verdict.difference is not None
    assert verdict.difference.place is not None
    assert (verdict.difference.layer, verdict.difference.place.row, verdict.difference.place.column) == (
        18,
        row,
        column,
    )
    assert verdict.difference.place.channel == kept[3] != 3
    assert verdict.cause is not None
    assert f"of channel {kept[3]} is" in verdict.cause.summary


def test_a_channel_that_is_not_as_constant_as_claimed_is_reported_as_our_bug() -> None:
    project = built("host", model_path("vww_96_int8"))
    node = next(n for n in project.reference.nodes if n.layer == 18)
    survivor = project.made.survivors[node.output]
    wrong = replace(survivor, values=np.add(survivor.values, np.int8(1)))
    made = replace(project.made, survivors={**project.made.survivors, node.output: wrong})
    verdict = verified(replace(project, made=made))
    assert verdict.difference is not None
    assert verdict.difference.place is not None
    assert (verdict.difference.layer, verdict.difference.place.channel) == (18, survivor.known[0])
    assert verdict.cause is not None
    assert verdict.cause.kind is CauseKind.TOOL


def test_a_trace_build_finds_an_input_outside_of_the_promised_range() -> None:
    assert_broken_promise_found("host")


@pytest.mark.parametrize("command", [("verify", "--virtual"), ("build",)])
def test_a_model_that_was_changed_since_the_export_is_told_as_such(tmp_path: Path, command: tuple[str, ...]) -> None:
    """It used to be called worn flash, or a stale board: the golden model computed another network."""
    folder = tmp_path / "p"
    shutil.copytree(built("host").folder, folder)
    content = bytearray((folder / "model.tflite").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.tflite").write_bytes(content)
    done = CliRunner().invoke(main, [command[0], str(folder), *command[1:]])
    assert done.exit_code == 2
    assert "model.tflite has changed since the export: its SHA-256 is" in " ".join(done.stderr.split())
    assert built("host").model_sha256[:12] in done.stderr


def test_accuracy_on_the_host_board_is_the_golden_model_s_picture_by_picture(tmp_path: Path) -> None:
    assert_accuracy_is_the_golden_model_s("host", tmp_path)


def test_a_board_that_answers_otherwise_has_an_accuracy_of_its_own(tmp_path: Path) -> None:
    """Pictures are counted up to the one that differs, as the board answered it."""
    project, pictures = built("host", trace=False), digit_pictures(tmp_path / "digits")
    board = traced_board(project)
    board.network = lambda _: bytes([0x7F, *[0x80] * (project.output_bytes - 1)])
    with serving(board) as url:
        done = call("verify", project.folder, "--port", url, "--images", pictures, "--no-bundle", "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)["accuracy"]
    assert {p["board"] for p in found["pictures"]} == {"0"}
    assert found["board"]["of"] == found["golden"]["of"] == len(found["pictures"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--range", "0..1"), "--range is for pictures"),
        (("--images", "{tmp}/empty"), "holds no images"),
        (("--images", "{tmp}/flat"), "has no folders of pictures for classes"),
        (("--images", "{tmp}/two"), "2 folders of inputs, the network tells 10 classes apart"),
        (("--images", "{tmp}/two", "--input", "x.npy"), "exclude each other"),
    ],
)
def test_pictures_that_cannot_be_judged_are_refused_before_a_board_is_asked(
    given: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("0", "1"):
        shutil.copytree(digit_pictures(tmp_path / "all") / name, tmp_path / "two" / name)
    shutil.copytree(tmp_path / "all" / "0", tmp_path / "flat")
    done = call("verify", built("host").folder, "--virtual", *(g.format(tmp=tmp_path) for g in given))
    assert done.exit_code == 2
    assert told in done.stderr.replace("\n", " ")
