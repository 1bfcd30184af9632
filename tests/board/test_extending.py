"""Every section of docs/extending.md done in a copy of the product: files, edits, commands and what they print."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support.places import ROOT

PAGE: Final = ROOT / "docs" / "extending.md"
COPIED: Final = ("codegen", "host", "templates", "firmware")
SECTION: Final = re.compile(r"^## (.*)$", re.MULTILINE)
# A block of code, and the file that a line before it may name.
BLOCK: Final = re.compile(r"(?:`([\w./-]+)`:\n+)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
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
    for file, language, text in BLOCK.findall(sections()[title]):
        match language:
            case "console":
                follow(product, text)
            case "diff":
                edit(product / file, text)
            case _ if file:
                assert not (product / file).exists(), f"{file} is there already"
                (product / file).parent.mkdir(parents=True, exist_ok=True)
                (product / file).write_text(text)


def edit(file: Path, change: str) -> None:
    """Replace the lines that stay or go by those that stay or are new; they stand in the file once."""
    lines = change.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] != "+")
    behind = "".join(line[1:] for line in lines if line[0] != "-")
    text = file.read_text()
    assert text.count(before) == 1, f"{file.name} has this {text.count(before)} times:\n{before}"
    file.write_text(text.replace(before, behind))


def follow(product: Path, session: str) -> None:
    """Run a session's commands; each prints what stands behind it, where that is said ("..." is any text)."""
    _, *parts = re.split(r"^\$ (.*)\n", session, flags=re.MULTILINE)
    path = f"{product.parent / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    surroundings = {**os.environ, "PATH": path, "PYTHONPATH": str(product.parent), "COLUMNS": "100", "NO_COLOR": "1"}
    for command, expected in zip(parts[::2], parts[1::2], strict=True):
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
        pattern = ".*".join(re.escape(part) for part in expected.strip().split("..."))
        said = "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())
        assert not expected.strip() or re.fullmatch(pattern, said, re.DOTALL), f"{command}\n{said}"
        sys.stdout.write(f"$ {command}\n{said}\n")
