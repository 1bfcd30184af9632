"""The command line from the model to the verdict, on the board that is this machine."""

import json
from pathlib import Path

import numpy as np

from depthwise.host.demo import MODEL
from tests.support.commands import call
from tests.support.models import model_path
from tests.support.projects import built


def test_export_build_and_verify_lead_to_exit_code_0(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    assert call("export", MODEL, "-b", "host", "-o", folder, "--trace").exit_code == 0
    sizes = json.loads(call("build", folder, "--json").output)
    assert sizes["library_flash_bytes"] > 0
    verdict = json.loads(call("verify", folder, "--virtual", "-n", 2, "--json").output)
    assert verdict["equal"] is True
    assert verdict["difference"] is None
    assert call("export", MODEL, "-b", "host", "-o", folder).exit_code == 2
    assert call("export", MODEL, "-b", "host", "-o", folder, "--force").exit_code == 0


def test_code_that_does_not_compile_shows_the_compilers_words(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    call("export", MODEL, "-b", "host", "-o", folder)
    (folder / "app" / "main.c").write_text("int main(void) { return nothing; }\n")
    result = call("build", folder)
    assert result.exit_code == 2
    assert "nothing" in result.stderr


def test_verify_needs_a_port_or_a_virtual_board() -> None:
    result = call("verify", built("host").folder)
    assert result.exit_code == 2
    assert "--port or --virtual" in result.stderr


def test_verify_takes_inputs_of_the_users_own(tmp_path: Path) -> None:
    np.save(tmp_path / "mine.npy", np.zeros((3, 32, 32, 1), np.int8))
    folder = built("host").folder
    found = json.loads(call("verify", folder, "--virtual", "--input", tmp_path / "mine.npy", "--json").output)
    assert found["inputs"] == 3
    np.save(tmp_path / "wrong.npy", np.zeros((3, 8, 8, 1), np.float32))
    result = call("verify", folder, "--virtual", "--input", tmp_path / "wrong.npy")
    assert result.exit_code == 2
    assert "float32" in result.stderr


def test_export_without_passes_computes_everything(tmp_path: Path) -> None:
    model = model_path("vww_96_int8")
    folder = tmp_path / "p"
    manifest = json.loads(call("export", model, "-b", "host", "-o", folder, "--no-passes", "--json").output)
    assert manifest["macs"] == 7_489_664
    call("build", folder)
    assert json.loads(call("verify", folder, "--virtual", "-n", 2, "--json").output)["equal"] is True
