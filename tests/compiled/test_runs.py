"""Runs of pytest: what is left in the temporary folder fails them, rings run alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import RINGS
from tests.support.places import ROOT

LEAVES = "import tempfile\ndef test_it():\n    tempfile.mkdtemp(prefix='depthwise-left-')\n"
TIDY = "import tempfile\ndef test_it():\n    tempfile.TemporaryDirectory().cleanup()\n"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:cov", "-q", *arguments]
    env = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def run_alone(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(text)
    return run("-p", "tests.conftest", f"--rootdir={folder}", str(folder / "test_it.py"))


def test_a_run_that_leaves_a_folder_behind_fails_and_names_it(tmp_path: Path) -> None:
    done = run_alone(LEAVES, tmp_path)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "left behind in the temporary folder" in done.stdout
    assert "depthwise-left-" in done.stdout


def test_a_run_that_leaves_nothing_behind_passes(tmp_path: Path) -> None:
    done = run_alone(TIDY, tmp_path)
    assert done.returncode == pytest.ExitCode.OK, done.stdout + done.stderr


def test_every_ring_has_its_folder_and_every_folder_its_ring() -> None:
    folders = {path.parent.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders == set(RINGS)
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(names) == len(set(names))


def test_a_ring_alone_collects_its_folder_and_no_other() -> None:
    done = run("-m", "text", "--collect-only")
    collected = [line for line in done.stdout.splitlines() if "::" in line]
    assert collected
    assert all(line.startswith("tests/text/") for line in collected)


def test_tests_of_real_boards_are_skipped_without_a_port() -> None:
    done = run("-m", "hardware", "-rs")
    assert done.returncode == pytest.ExitCode.OK
    assert "needs a real board: give --port" in done.stdout
