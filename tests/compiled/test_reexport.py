"""The everyday loop: retrain, export again into the folder with one's own code, build; no file is lost on the way."""

import json
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.host.demo import MODEL
from tests.support.commands import call
from tests.support.float_networks import mobilenet
from tests.support.networks import conv_network
from tests.support.project_folders import content_of

EXPORT = ("export", MODEL, "-b", "host")


def retrained(folder: Path) -> Path:
    """A model of the same name with fewer kinds of layers."""
    path = folder / "digits.tflite"
    path.write_bytes(write_model(conv_network()))
    return path


def test_after_retraining_an_export_keeps_the_users_code_and_builds(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    call(*EXPORT, "-o", folder, "--trace")
    call("build", folder)
    mine = {".git/HEAD": b"ref", "main/my_app.c": b"int x;", "network/mine.h": b"", "README": b"mine"}
    for name, content in mine.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    result = call("export", retrained(tmp_path), "-b", "host", "-o", folder, "--force")
    assert result.exit_code == 0
    found = content_of(folder)
    assert {name: found[name] for name in mine} == mine
    listed = json.loads(found["manifest.json"])["files"]
    ours = {name for name in found if name not in mine and not name.startswith("build/")}
    assert ours == {*listed, "manifest.json"}
    assert {"model.tflite", "Makefile", "app/network.h", "network/digits.c"} <= ours
    # Headers that the first build depended on are gone, and what it made is still there.
    assert call("build", folder).exit_code == 0
    assert json.loads(call("verify", folder, "--virtual", "-n", 2, "--json").output)["equal"] is True


def test_an_edited_file_stops_the_export_and_is_kept_on_demand(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    call(*EXPORT, "-o", folder)
    (folder / "Makefile").write_text("# my own\n")
    refused = call(*EXPORT, "-o", folder, "--force")
    assert refused.exit_code == 2
    assert "Makefile in" in refused.stderr
    assert "--overwrite-edited" in refused.stderr
    assert (folder / "Makefile").read_text() == "# my own\n"
    done = call(*EXPORT, "-o", folder, "--overwrite-edited", "--json")
    assert done.exit_code == 0
    assert str(folder / "Makefile.orig") in done.stderr.replace("\n", "")
    assert json.loads(done.stdout)["name"] == "digits"
    assert (folder / "Makefile.orig").read_text() == "# my own\n"


def test_a_web_extension_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"manifest_version": 3, "name": "Dark mode", "version": "1.0"}')
    (tmp_path / "background.js").write_text("mine")
    before = content_of(tmp_path)
    result = call(*EXPORT, "-o", tmp_path, "--force")
    assert result.exit_code == 2
    assert "manifest of another program" in result.stderr.replace("\n", " ")
    assert content_of(tmp_path) == before


def test_export_into_the_present_folder_works_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*EXPORT, "-o", ".").exit_code == 0
    first = content_of(tmp_path)
    assert call(*EXPORT, "-o", ".", "--force").exit_code == 0
    assert content_of(tmp_path) == first


def test_an_export_that_is_killed_leaves_the_old_project_or_the_new_one(tmp_path: Path) -> None:
    folder, model = tmp_path / "p", retrained(tmp_path)
    call("export", model, "-b", "host", "-o", folder)
    old = content_of(folder)
    call("export", MODEL, "-b", "host", "-o", tmp_path / "new")
    new = content_of(tmp_path / "new")
    for pause in (0.0, 0.01):
        command = [sys.executable, "-m", "depthwise.host.cli", *map(str, EXPORT), "-o", str(folder), "--force"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:
            while running.poll() is None and not (folder / ".depthwise-staged").exists():
                time.sleep(0.0005)
            time.sleep(pause)
            running.kill()
        call("verify", folder, "--virtual")  # not built: but whatever opens the project finishes the export
        found = content_of(folder)
        assert found in (old, new)
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "new", folder)
        old = new


def test_zoo_and_quantize_ask_before_they_replace_a_file(tmp_path: Path) -> None:
    model = tmp_path / "m.tflite"
    model.write_bytes(b"mine")
    for command in (("zoo", "build", "digits"), ("train", "--digits")):
        result = call(*command, "-o", model)
        assert result.exit_code == 2
        assert "is there already; choose another name, or --force" in result.stderr.replace("\nnext:  ", "; ")
        assert model.read_bytes() == b"mine"
    assert call("zoo", "build", "digits", "-o", model, "--force").exit_code == 0
    result = call("quantize", model, "-o", model, "--random", "--force")
    assert result.exit_code == 2
    assert "is what is read" in result.stderr


def test_train_asks_before_it_replaces_what_lies_beside_the_model(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text("{}")
    result = call("train", "--digits", "-o", tmp_path / "m.tflite")
    assert result.exit_code == 2
    assert "m.json is there already" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


@pytest.mark.parametrize("out", ["/dev/null", "folder"])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    result = call("zoo", "build", "digits", "-o", out, "--force")
    assert result.exit_code == 2
    assert "no file" in result.stderr
    assert Path(out).exists()


def test_a_link_to_a_model_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.tflite").write_bytes(write_model(mobilenet()))
    (tmp_path / "link.tflite").symlink_to(tmp_path / "real.tflite")
    assert call("zoo", "build", "digits", "-o", tmp_path / "link.tflite", "--force").exit_code == 0
    assert (tmp_path / "link.tflite").is_symlink()
    assert (tmp_path / "real.tflite").read_bytes() != write_model(mobilenet())


def test_printed_commands_can_be_pasted_whatever_the_folder_is_called(tmp_path: Path) -> None:
    folder, model = tmp_path / "my [first] project; rm x", tmp_path / "a model.tflite"
    shutil.copy(MODEL, model)
    shown = [call("plan", model), call("export", model, "-b", "host", "-o", folder, "--name", "digits")]
    shown.append(call("build", folder))
    commands = [shlex.split(text.output.partition("next: ")[2].splitlines()[0]) for text in shown]
    assert commands[0][2] == str(model)
    assert commands[1] == ["depthwise", "build", str(folder)]
    assert commands[2] == ["depthwise", "verify", str(folder), "--virtual"]
