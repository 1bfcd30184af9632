"""The bundle of a difference: complete, without weights, the same each time, and enough to see it again."""

import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.graph import DType
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify import VerifyReport, cases_of, verify_cases
from depthwise.host.verify.bundle import write_bundle
from depthwise.host.verify.inputs import generated_inputs
from tests.support.broken import patched
from tests.support.commands import call

MEMBERS = (
    "README.txt",
    "explanation.txt",
    "verdict.json",
    "hello.json",
    "manifest.json",
    "input.npy",
    "expected.npy",
    "windows.json",
    "scores.npy",
    "environment.json",
    "sources.json",
    "link.json",
)


@pytest.fixture(scope="module")
def broken() -> Project:
    """One weight of layer 0 is another one."""
    weight = "digits_data00_weights[72] = {\n    -90,"
    return patched("host", ("network/digits_weights.h", weight, weight.replace("-90", "-26")))


@pytest.fixture(scope="module")
def report(broken: Project) -> VerifyReport:
    inputs = list(generated_inputs(broken.graph, 2, seed=0))
    with virtual_board(broken.firmware, broken.board) as url, Link.open(url) as link:
        return verify_cases(broken, link, cases_of(broken, inputs))


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_verify_writes_a_bundle_and_says_where(broken: Project) -> None:
    first, second = (call("verify", broken.folder, "--virtual", "-n", 1) for _ in range(2))
    assert first.exit_code == second.exit_code == 1
    assert f"bundle: {broken.folder}/verify-bundle-1.zip: attach it to an issue" in first.output
    assert "verify-bundle-2.zip" in second.output
    assert not list(broken.folder.glob(".verify-bundle-*"))
    assert tuple(read(broken.folder / "verify-bundle-1.zip")) == MEMBERS


def test_no_bundle_is_written_where_none_is_wanted_or_nothing_differs(tmp_path: Path, broken: Project) -> None:
    folder = patched("host").folder
    assert call("verify", folder, "--virtual", "-n", 1, "--bundle", tmp_path / "b.zip").exit_code == 0
    assert call("verify", broken.folder, "--virtual", "-n", 1, "--no-bundle").exit_code == 1
    assert not list(tmp_path.iterdir())
    assert not list(folder.glob("*.zip"))


def test_the_bundle_says_all_there_is_to_know(broken: Project, report: VerifyReport, tmp_path: Path) -> None:
    found = read(write_bundle(broken, report, "socket://somewhere:1", tmp_path / "b.zip", model=False))
    verdict = json.loads(found["verdict.json"])
    assert verdict["difference"]["layer"] == 0
    assert verdict["cause"]["kind"] == "damaged constants"
    assert "row 0, column 0, input channel 0 of channel 0 is -26, not -90" in found["explanation.txt"].decode()
    assert json.loads(found["hello.json"])["build_id"] == broken.manifest["build_id"]
    sources = json.loads(found["sources.json"])["files"]
    assert [n for n, f in sources.items() if f["exported"] != f["now"]] == ["network/digits_weights.h"]
    environment = json.loads(found["environment.json"])
    assert "gcc" in environment["compiler"]
    assert environment["build_flags"] == "-O2"
    link = json.loads(found["link.json"])
    assert link["scheme"] == "socket"
    assert "somewhere" not in str(found)
    assert link["requests"] > 10


def test_the_windows_hold_what_the_board_computed(broken: Project, report: VerifyReport, tmp_path: Path) -> None:
    found = read(write_bundle(broken, report, "", tmp_path / "b.zip", model=False))
    expected = np.load(io.BytesIO(found["expected.npy"])).ravel()
    windows = json.loads(found["windows.json"])
    assert len(windows) >= 3
    for window in windows:
        end = window["offset"] + len(window["got"])
        assert window["expected"] == expected[window["offset"] : end].tolist()
    assert any(w["expected"] != w["got"] for w in windows)


def test_the_input_of_a_bundle_shows_the_difference_again(
    broken: Project, report: VerifyReport, tmp_path: Path
) -> None:
    found = read(write_bundle(broken, report, "", tmp_path / "b.zip", model=False))
    (tmp_path / "input.npy").write_bytes(found["input.npy"])
    again = call("verify", broken.folder, "--virtual", "--input", tmp_path / "input.npy", "--no-bundle", "--json")
    assert json.loads(again.stdout)["difference"]["place"] == json.loads(found["verdict.json"])["difference"]["place"]


def test_no_weights_are_in_the_bundle_unless_asked_for(broken: Project, report: VerifyReport, tmp_path: Path) -> None:
    model = (broken.folder / "model.tflite").read_bytes()
    found = read(write_bundle(broken, report, "", tmp_path / "b.zip", model=False))
    for tensor in broken.reference.tensors:
        if tensor.data is not None and tensor.dtype is DType.INT8 and tensor.elements > 64:
            assert not any(tensor.data.tobytes()[:64] in content for content in found.values())
    named = call("verify", broken.folder, "--virtual", "-n", 1, "--bundle-model", "--bundle", tmp_path / "m.zip")
    assert "m.zip" in named.output
    assert read(tmp_path / "m.zip")["model.tflite"] == model


def test_the_same_report_gives_the_same_bytes(broken: Project, report: VerifyReport, tmp_path: Path) -> None:
    one, two = (write_bundle(broken, report, "", tmp_path / n, model=False).read_bytes() for n in ("1.zip", "2.zip"))
    assert one == two


def test_a_bundle_that_cannot_be_written_changes_no_verdict(broken: Project, tmp_path: Path) -> None:
    result = call("verify", broken.folder, "--virtual", "-n", 1, "--bundle", tmp_path / "nowhere" / "b.zip", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["bundle"] is None
    assert "no bundle" in result.stderr


def test_no_file_of_the_same_name_is_written_over(
    broken: Project, report: VerifyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.zip").write_bytes(b"mine")

    def refused(_from: Path, _to: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    names = []
    for links in (True, True, False, False):  # the last two on a file system without hard links
        if not links:
            monkeypatch.setattr(os, "link", refused)
        names.append(write_bundle(broken, report, "", tmp_path / "b.zip", model=False).name)
    assert names == ["b-2.zip", "b-3.zip", "b-4.zip", "b-5.zip"]
    assert (tmp_path / "b.zip").read_bytes() == b"mine"


def test_a_bundle_never_appears_in_part(
    broken: Project, report: VerifyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_bundle(broken, report, "", tmp_path / "b.zip", model=False)
    assert not list(tmp_path.iterdir())
