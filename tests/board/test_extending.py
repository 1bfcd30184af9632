"""Every section of docs/extending.md done in a copy of the product: files, edits, commands and what they print."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support.documents import blocks_of, edit, is_printed, session_of, trimmed, write_new
from tests.support.places import ROOT

PAGE: Final = ROOT / "docs" / "extending.md"
COPIED: Final = ("codegen", "host", "templates", "firmware")
SECTION: Final = re.compile(r"^## (.*)$", re.MULTILINE)
SECONDS: Final = 600


def sections() -> dict[str, str]:
    _, *parts = SECTION.split(PAGE.read_text())
    return {title: text for title, text in zip(parts[::2], parts[1::2], strict=True) if "```console" in text}


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """A copy of the product, which `depthwise` on PATH runs."""
    place = tmp_path / "depthwise"
    for folder in COPIED:
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "host" / "package", place, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    program = tmp_path / "bin" / "depthwise"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'from depthwise.host.cli import main; main()' \"$@\"\n")
    program.chmod(0o755)
    return place


@pytest.mark.parametrize("title", sections())
def test_what_the_page_says_can_be_done(title: str, product: Path) -> None:
    for block in blocks_of(PAGE, sections()[title]):
        match block.language:
            case "console":
                run_session(product, block.text)
            case "diff":
                edit(product / block.file, block.text)
            case _ if block.file:
                write_new(product / block.file, block.text)


def run_session(product: Path, session: str) -> None:
    """Run a session's commands as its reader does; each prints what stands behind it, where that is said."""
    path = f"{product.parent / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    surroundings = {**os.environ, "PATH": path, "PYTHONPATH": str(product.parent), "COLUMNS": "100", "NO_COLOR": "1"}
    for command, expected in session_of(session):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=product,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        assert is_printed(done.stdout, expected), f"{command}\n{done.stdout}"
        sys.stdout.write(f"$ {command}\n{trimmed(done.stdout)}\n")
