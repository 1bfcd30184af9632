"""`depthwise flash` and `verify` on a board with a real MicroPython, over its REPL."""

import hashlib
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from depthwise.codegen.errors import ProjectError, StaleFirmwareError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.host.build.natmod import build_natmods
from depthwise.host.cli import main
from depthwise.host.micropython import firmware
from depthwise.host.micropython.copy_module import copied, copy
from depthwise.host.micropython.firmware import built_in
from depthwise.host.micropython.repl_board import open_board
from depthwise.host.micropython.repl_link import MicroPythonLink, open_link
from depthwise.host.progress import nobody
from depthwise.host.project import Project, open_project
from depthwise.host.verify import cases_of, verify_cases
from depthwise.host.verify.inputs import generated_inputs
from tests.support.mpy_board import RAW_REPL, MpyBoard, mpy_board
from tests.support.natmods import exported, native
from tests.support.port_networks import stereo_network


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def flashed(project: Project, board: MpyBoard) -> dict[str, bool]:
    """Flash; which of the files were copied."""
    done = call("flash", project.folder, "--port", board.url, "--json")
    assert done.exit_code == 0, done.stderr
    return {f["name"]: f["copied"] for f in json.loads(done.stdout)["files"]}


def said(result: Result) -> str:
    """The error, without line breaks."""
    return " ".join(result.stderr.split())


def test_what_is_on_the_board_already_is_not_copied_again(tmp_path: Path) -> None:
    project = native()
    with mpy_board(tmp_path / "board") as board:
        assert flashed(project, board) == {"digits.weights": True, "digits.mpy": True}
        built = project.folder / "build/x64"
        files = {name: (built / name).read_bytes() for name in ("digits.mpy", "digits.weights")}
        assert board.files() == files
        before = len(board.heard)
        assert flashed(project, board) == {"digits.weights": False, "digits.mpy": False}
        assert len(board.heard) - before < 3000
        (board.folder / "digits.weights").write_bytes(b"damaged" + files["digits.weights"][7:])
        assert flashed(project, board) == {"digits.weights": True, "digits.mpy": False}
        assert board.files() == files


def test_every_tensor_of_a_trace_build_is_compared_bit_for_bit(tmp_path: Path) -> None:
    project = native(trace=True)
    with mpy_board(tmp_path / "board") as board:
        flashed(project, board)
        done = call("verify", project.folder, "--port", board.url, "--inputs", 3, "--json")
    assert done.exit_code == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["equal"]
    assert (verdict["inputs"], verdict["tensors"]) == (3, len(project.traced))
    assert verdict["ticks"] > 0


def test_several_inputs_and_outputs_are_compared_bit_for_bit(tmp_path: Path) -> None:
    (tmp_path / "stereo.tflite").write_bytes(write_model(stereo_network()))
    project = native(tmp_path / "stereo.tflite", trace=True)
    with mpy_board(tmp_path / "board") as board:
        flashed(project, board)
        done = call("verify", project.folder, "--port", board.url, "--inputs", 3, "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["bytes_compared"] == 3 * project.output_bytes + 3 * sum(
        project.graph.tensors[t].elements for t in project.traced
    )


def test_weights_that_are_damaged_on_the_board_are_found_and_the_layer_is_named(tmp_path: Path) -> None:
    project = native(trace=True)
    with mpy_board(tmp_path / "board") as board:
        flashed(project, board)
        weights = bytearray((board.folder / "digits.weights").read_bytes())
        weights[-200] ^= 0x40
        (board.folder / "digits.weights").write_bytes(weights)
        done = call("verify", project.folder, "--port", board.url, "--inputs", 8, "--json", "--no-bundle")
    assert done.exit_code == 1, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["difference"]["kind"] == "FULLY_CONNECTED"
    assert verdict["difference"]["place"] is not None


def test_a_module_for_another_architecture_is_refused_before_anything_is_copied(tmp_path: Path) -> None:
    project = exported("armv7emsp", labels=("a",) * 10)
    build_natmods(project)
    with mpy_board(tmp_path / "board") as board:
        done = call("flash", project.folder, "--port", board.url)
        assert done.exit_code == 2
        assert "loads .mpy 6.3 of x64; built is .mpy 6.3 of armv7emsp" in said(done)
        assert f"depthwise build {project.folder} --arch x64" in said(done)
        assert board.files() == {}
        build_natmods(project, ("x64",))
        assert flashed(project, board) == {"digits.weights": True, "digits.mpy": True}
        done = call("verify", project.folder, "--port", board.url, "--inputs", 2, "--json")
        assert json.loads(done.stdout)["equal"]


def test_a_cable_that_is_lost_while_copying_leaves_whole_files_and_the_same_command_finishes(tmp_path: Path) -> None:
    project = native()
    with mpy_board(tmp_path / "board", cut_after=9000) as board:
        done = call("flash", project.folder, "--port", board.url, "--tries", 1)
        assert done.exit_code == 2
        assert "broke off (1 try)" in said(done)
        assert set(board.files()) == {"digits.weights.new"}
        assert flashed(project, board) == {"digits.weights": True, "digits.mpy": True}
        assert set(board.files()) == {"digits.weights", "digits.mpy"}


def test_a_lost_cable_is_tried_again_and_a_byte_that_is_lost_is_found_by_the_hash(tmp_path: Path) -> None:
    project = native()
    with mpy_board(tmp_path / "board", cut_after=5000, damage=[(b"w(d('AAAA", b"w(d('AAAB")]) as board:
        done = call("flash", project.folder, "--port", board.url)
    assert done.exit_code == 0
    assert "try 1 of 3 failed: lost the board" in said(done)


def test_an_input_that_arrives_damaged_is_sent_again(tmp_path: Path) -> None:
    project = native(trace=True)
    with mpy_board(tmp_path / "board") as board:
        flashed(project, board)
        board.damage.append((b"binascii.a2b_base64('gICA", b"binascii.a2b_base64('gICB"))
        done = call("verify", project.folder, "--port", board.url, "--inputs", 2, "--json")
        verdict = json.loads(done.stdout)
    assert (verdict["equal"], verdict["damaged_frames"], board.damage) == (True, 1, [])


def test_a_module_of_another_model_or_build_is_stale(tmp_path: Path) -> None:
    project, traced = native(), native(trace=True)
    with mpy_board(tmp_path / "board") as board:
        done = call("verify", project.folder, "--port", board.url)
        assert (done.exit_code, "no module named 'digits'" in said(done)) == (2, True)
        flashed(traced, board)
        done = call("verify", project.folder, "--port", board.url)
        assert (done.exit_code, "another build of digits.mpy" in said(done)) == (2, True)
        renamed = open_project(_with_other_model(project, tmp_path / "other"))
        done = call("verify", renamed.folder, "--port", board.url)
        assert (done.exit_code, "stale firmware" in said(done)) == (2, True)


def _with_other_model(project: Project, folder: Path) -> Path:
    """A copy of a project that was made from another file: bytes behind its end are of no account to a reader."""
    shutil.copytree(project.folder, folder)
    content = (folder / "model.tflite").read_bytes() + bytes(4)
    (folder / "model.tflite").write_bytes(content)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["model"]["sha256"] = hashlib.sha256(content).hexdigest()
    path.write_text(json.dumps(manifest))
    return folder


def test_whoever_is_no_micropython_gives_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = native()
    monkeypatch.setattr("depthwise.host.micropython.repl_board.ANSWER_SECONDS", 1.0)
    with mpy_board(tmp_path / "board", program=RAW_REPL.replace("raw REPL; CTRL-B", "login: ")) as board:
        done = call("verify", project.folder, "--port", board.url)
    assert done.exit_code == 2
    assert "no MicroPython answers" in said(done)
    done = call("flash", project.folder, "--port", "/dev/nothing", "--tries", 1)
    assert "cannot open port /dev/nothing" in said(done)
    done = call("flash", project.folder, "--port", "/dev/nothing", "--method", "openocd")
    assert "would replace MicroPython" in said(done)


def test_without_mpremote_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mpremote.transport_serial", None)
    done = call("flash", native().folder, "--port", "socket://127.0.0.1:1")
    assert "pip install 'depthwise[micropython]'" in said(done)


def test_several_boards_are_verified_at_the_same_time(tmp_path: Path) -> None:
    project = native()
    with mpy_board(tmp_path / "one") as one, mpy_board(tmp_path / "two") as two:
        flashed(project, one)
        flashed(project, two)
        done = call("verify", project.folder, "--port", one.url, "--port", two.url, "--inputs", 2, "--json")
    assert [board["equal"] for board in json.loads(done.stdout)] == [True, True]


def test_a_module_of_the_firmware_needs_no_file(tmp_path: Path) -> None:
    """What is imported without a path is a part of the firmware; its sizes and model are compared, it has no file."""
    project = native()
    cases = cases_of(project, generated_inputs(project.graph, 2, 0, project.passes.input_range))
    with mpy_board(tmp_path / "board") as board:
        flashed(project, board)
        with open_board(board.url) as line:
            assert [built_in(line, name) for name in ("digits", "nothing")] == [None, None]
            report = verify_cases(project, MicroPythonLink(project, line, None), cases)
    assert report.verdict.equal
    assert report.hello.build_id == ""


@pytest.mark.parametrize("name", ["gc", "array", "math", "time"])
def test_a_network_called_like_a_module_of_the_firmware_is_not_said_to_be_flashed(tmp_path: Path, name: str) -> None:
    project = exported("x64", labels=("a",) * 10)
    called = replace(project, manifest={**project.manifest, "name": name})
    with mpy_board(tmp_path / "board") as board:
        with pytest.raises(ProjectError, match=f"has a module {name} of its own.*another --name"):
            copy(called, board.url, 1, nobody, nobody)
        with pytest.raises(ProjectError, match=f"has a module {name} of its own"), open_link(called, board.url):
            pass
        assert board.files() == {}


def test_a_module_of_the_firmware_made_of_another_model_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The firmware's module is played by a class, which is found while there is a path."""
    project = native()
    monkeypatch.setattr(firmware, "BUILT_IN", firmware.BUILT_IN.replace("sys.path.clear()", "pass"))
    model = "class Play:\n class Model:\n  model_sha256={!r}\n  def __init__(self,*_):\n   pass"
    with mpy_board(tmp_path / "board") as board, open_board(board.url) as line:
        for sha in ("0" * 64, project.model_sha256):
            line.run(f"import sys\n{model.format(sha)}\nsys.modules['digits']=Play")
            assert built_in(line, "digits") == sha
            if sha == project.model_sha256:
                assert copied(project, line, 1, nobody).files == ()
            else:
                with pytest.raises(StaleFirmwareError, match="has digits of model 000000000000, this project is of"):
                    copied(project, line, 1, nobody)
